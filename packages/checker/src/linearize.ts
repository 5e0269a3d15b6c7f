import type { PersonView } from '@identity/core'
import type { Answer, Call } from './call.ts'
import { Oracle, type Row } from './oracle.ts'
import { searchOrder } from './search-order.ts'

export interface LinearizeOptions {
  /**
   * True where the database's clock may have been set back: then a contact may be older than one that was there
   * before its call started. Its age is still one and the same for all answers.
   */
  clockMayGoBack?: boolean
  /** After so many it gives up. @default 1,000,000 */
  maxSteps?: number
}

/** Where a search has got to. A row's id is the position of the call that made it; `idOf` has the real ids seen so far. */
interface State {
  readonly rows: readonly Row[]
  readonly idOf: ReadonlyMap<number, number>
  readonly separations: Oracle['separations']
}

/**
 * Promise G1 for one history that starts with none of its identifiers known: searches for an order of the calls that
 * agrees with real time and in which the rules explain every answer. Ids are opaque: they need only be used
 * consistently. A contact's createdAt is some moment of the call that made it, so that contacts of overlapping calls
 * may be of either age (docs/decisions/0005-created-at-is-a-moment-of-the-call.md).
 * @returns the order found, without calls that never took effect; null where there is none
 * @throws SearchTooLong
 */
export function linearize(
  calls: readonly Call[],
  { clockMayGoBack = false, maxSteps = 1_000_000 }: LinearizeOptions = {},
): readonly Call[] | null {
  /** The states that the call may lead to with the answer it got: one for each age that its new contact can have. */
  function* apply(call: Call, state: State, index: number): Generator<State> {
    const { rows, idOf, separations } = state
    const oracle = new Oracle(rows)
    oracle.separations = separations
    if (call.separates) {
      const [one, other] = call.separates.map((id) => rowIdOf(idOf, id))
      // Its caller had been told of both before; where those answers are forgotten, nothing is known of it.
      if (one === undefined || other === undefined) yield state
      else {
        const verdict = oracle.separate(one, other) ? 'separated' : 'one person'
        if (call.answer === null || call.answer === verdict) yield { rows, idOf, separations: oracle.separations }
      }
      return
    }
    let { primaryContactId } = oracle.identify(call.request)
    const added = oracle.rows.length > rows.length ? oracle.rows.at(-1)! : undefined
    if (added) {
      if (primaryContactId === added.id) primaryContactId = index
      added.id = index
    }
    for (let position = oracle.rows.length - 1; position >= 0; position--) {
      const ids = call.answer ? explain(oracle.person(primaryContactId), call.answer, idOf) : idOf
      if (ids) yield { rows: oracle.rows.map((row) => ({ ...row })), idOf: ids, separations }
      const older = oracle.rows[position - 1]
      if (!added || !older) return
      if (!clockMayGoBack && calls[older.id]!.endedAt < call.startedAt) return
      oracle.rows.splice(position - 1, 2, added, older)
    }
  }

  const initial: State = { rows: [], idOf: new Map(), separations: [] }
  return searchOrder(calls, { initial, apply, keyOf, mayBeLeftOut: ({ answer }) => answer === null }, maxSteps)
}

function rowIdOf(idOf: ReadonlyMap<number, number>, contactId: number): number | undefined {
  return [...idOf].find(([, id]) => id === contactId)?.[0]
}

function keyOf({ rows, idOf, separations }: State): string {
  return `${separations.join(' ')}/${rows.map((row) => `${row.id}:${row.linkedId}:${idOf.get(row.id)}`)}`
}

/** How the answer's ids stand for the oracle's, or null where the two differ in more than that. */
function explain(
  expected: PersonView,
  answer: Answer,
  idOf: ReadonlyMap<number, number>,
): ReadonlyMap<number, number> | null {
  if (typeof answer === 'string') return null
  if (String(expected.emails) !== String(answer.emails)) return null
  if (String(expected.phoneNumbers) !== String(answer.phoneNumbers)) return null
  const expectedIds = contactIds(expected)
  const ids = contactIds(answer)
  if (expectedIds.length !== ids.length) return null
  const extended = new Map(idOf)
  for (const [n, expectedId] of expectedIds.entries()) {
    const id = extended.get(expectedId)
    if (id === undefined) extended.set(expectedId, ids[n]!)
    else if (id !== ids[n]) return null
  }
  return new Set(extended.values()).size === extended.size ? extended : null
}

/** Every contact id that an answer names, the primary's first. */
export function contactIds(answer: Answer): number[] {
  if (typeof answer === 'string') return []
  return [answer.primaryContactId, ...answer.secondaryContactIds]
}
