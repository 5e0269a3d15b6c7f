import type { Person } from '@identity/api'
import { Oracle, type OracleRequest } from './oracle.ts'

/** One call as its caller saw it. Times are of one clock, in any unit. */
export interface Call {
  request: OracleRequest
  answer: Person
  startedAt: number
  endedAt: number
}

/** Where a search has got to: the rows so far, who made each, and which real id stands for each of the oracle's. */
interface State {
  oracle: Oracle
  makerOf: ReadonlyMap<number, Call>
  idOf: ReadonlyMap<number, number>
}

/**
 * Promise G1 for one history that starts on an empty table: searches for an order of the calls that agrees with real
 * time and in which the rules explain every answer. Ids are opaque: they need only be used consistently. A contact's
 * createdAt is some moment of the call that made it, so that contacts of overlapping calls may be of either age.
 * @returns the order found, or null where there is none
 */
export function linearize(calls: readonly Call[]): Call[] | null {
  return search(calls, [], { oracle: new Oracle(), makerOf: new Map(), idOf: new Map() })
}

function search(left: readonly Call[], order: Call[], state: State): Call[] | null {
  if (left.length === 0) return order
  const firstEnd = Math.min(...left.map((call) => call.endedAt))
  for (const call of left) {
    // Another call had ended before this one started, so that one comes first.
    if (call.startedAt > firstEnd) continue
    const rest = left.filter((other) => other !== call)
    for (const next of apply(call, state)) {
      const found = search(rest, [...order, call], next)
      if (found) return found
    }
  }
  return null
}

/** The states that the call may lead to with the answer it got: one for each age that its new contact can have. */
function* apply(call: Call, { oracle, makerOf, idOf }: State): Generator<State> {
  const next = new Oracle(oracle.rows)
  const { primaryContactId } = next.identify(call.request)
  const isNew = next.rows.length > oracle.rows.length
  const makers = isNew ? new Map(makerOf).set(next.rows.at(-1)!.id, call) : makerOf
  for (let position = next.rows.length - 1; position >= 0; position--) {
    const ids = explain(next.person(primaryContactId), call.answer, idOf)
    if (ids) yield { oracle: new Oracle(next.rows), makerOf: makers, idOf: ids }
    const older = next.rows[position - 1]
    if (!isNew || !older || makers.get(older.id)!.endedAt < call.startedAt) return
    next.rows.splice(position - 1, 2, next.rows[position]!, older)
  }
}

/** How the answer's ids stand for the oracle's, or null where the two differ in more than that. */
function explain(expected: Person, answer: Person, idOf: ReadonlyMap<number, number>): Map<number, number> | null {
  if (String(expected.emails) !== String(answer.emails)) return null
  if (String(expected.phoneNumbers) !== String(answer.phoneNumbers)) return null
  const [expectedIds, ids] = [expected, answer].map(({ primaryContactId, secondaryContactIds }) => [
    primaryContactId,
    ...secondaryContactIds,
  ]) as [number[], number[]]
  if (expectedIds.length !== ids.length) return null
  const extended = new Map(idOf)
  for (const [n, expectedId] of expectedIds.entries()) {
    const id = extended.get(expectedId)
    if (id === undefined) extended.set(expectedId, ids[n]!)
    else if (id !== ids[n]) return null
  }
  return new Set(extended.values()).size === extended.size ? extended : null
}
