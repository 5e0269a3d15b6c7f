import {
  type BlockList,
  type Contact,
  type ContactAdded,
  type PersonsMerged,
  type PersonView,
  type RecordedEvent,
  undo,
  viewOf,
  WorkingSet,
} from '@identity/core'
import { isAsExpected, type Told } from '../corrected/call.ts'
import {
  AT,
  changed,
  type Done,
  type Kept,
  NO_RULES,
  NOTHING,
  outcomeOf,
  type Rules,
  refused,
} from '../corrected/specification.ts'
import type { Specification } from '../search-order.ts'
import type { LoggedCall } from './call.ts'
import { type InForce, inForceAfter, type RuleMark } from './rule-changes.ts'
import { everyTakenApart, isAnybodyLinked, isBlockSplit, type TakenApart } from './take-apart.ts'

/** The persons, and who has made them so, calls and block rules: what an undo finds in the log is what these have written. */
interface State extends TakenApart {
  readonly doneBy: ReadonlySet<string>
  readonly inForce: InForce
}

/**
 * What calls do one after another: those that were answered, and those of which the log alone tells that they were done.
 * While a change of rules is asked for and not answered, each call is by the old rules or by the new ones.
 * @param events all that the calls have written, and what block rules did to their persons, as the log has them
 * @param rules what the workspace refuses and blocks from the start
 */
export function callsOneByOne(
  events: readonly RecordedEvent[],
  rules: Rules = NO_RULES,
): Specification<LoggedCall | RuleMark, State> {
  const added = events.filter(({ type }) => type === 'person.created' || type === 'contact.added')
  const createdAt = new Map(added.map((event) => [(event as ContactAdded).contactId, new Date(event.at)]))
  const addedBy = new Map(added.map((event) => [event.requestId, (event as ContactAdded).contactId]))
  const splits = events.filter(isBlockSplit)
  const outcome = ({ asked, told, requestId }: LoggedCall, state: State, rules: Rules): Done | null => {
    if (asked.type === 'undo') return takeBack(state, asked.eventId, events)
    if (asked.type === 'separate') return separate(state.kept, asked.contactIds)
    return outcomeOf(asked, told ?? showing(addedBy.get(requestId)), state.kept, { createdAt, rules })
  }
  function* answer(call: LoggedCall, state: State): Generator<State> {
    for (const rules of state.inForce.rules) {
      const done = outcome(call, state, rules)
      if (!done || !(call.told ? isAsExpected(call.told, done.told) : !('refused' in done.told))) continue
      yield { ...state, kept: done.kept, doneBy: new Set([...state.doneBy, call.requestId]) }
    }
  }
  function* pass(step: RuleMark, state: State): Generator<State> {
    const { mark } = step
    if (mark.type === 'applied' && isAnybodyLinked(state.kept, mark.blocked)) return
    if (mark.type === 'end' && state.splitIds.size < splits.length) return
    yield { ...state, inForce: inForceAfter(state.inForce, step) }
  }
  return {
    initial: {
      kept: NOTHING,
      doneBy: new Set(),
      splitIds: new Set(),
      inForce: { rules: [rules], isBeingApplied: false },
    },
    *apply(step, state) {
      const blockLists = state.inForce.isBeingApplied ? blockListsOf(state.inForce) : []
      for (const taken of everyTakenApart(state, blockLists, splits)) {
        const now = { ...state, ...taken }
        yield* 'mark' in step ? pass(step, now) : answer(step, now)
      }
    },
    // Whoever is left tells who has been, and what rules there are.
    keyOf: ({ kept, splitIds }) => `${JSON.stringify(kept)}${[...splitIds].sort()}`,
    mayBeLeftOut: () => false,
  }
}

/** The calls that an order must explain: without those that came to nothing, as far as anybody was told. */
export function callsThatCount(calls: readonly LoggedCall[], events: readonly RecordedEvent[]): LoggedCall[] {
  const logged = new Set(events.map(({ requestId }) => requestId))
  return calls.filter(({ told, requestId }) => told !== null || logged.has(requestId))
}

function blockListsOf({ rules }: InForce): BlockList[] {
  return rules.flatMap(({ blocked, parts }) => parts ?? blocked ?? [])
}

function isLive({ deletedAt }: Contact): boolean {
  return deletedAt === null
}

/** What an answer shows of a new contact, as far as the specification reads it. */
function showing(contactId: number | undefined): Told {
  if (contactId === undefined) return { persons: [] }
  const person: PersonView = { primaryContactId: contactId, emails: [], phoneNumbers: [], secondaryContactIds: [] }
  return { persons: [person] }
}

/** @returns null where the merge has not happened yet */
function takeBack({ kept, doneBy, splitIds }: State, eventId: string, events: readonly RecordedEvent[]): Done | null {
  const isDone = ({ id, requestId }: RecordedEvent) => (requestId === null ? splitIds.has(id) : doneBy.has(requestId))
  const place = events.findIndex(({ id }) => id === eventId)
  const merge = events[place] as RecordedEvent & PersonsMerged
  if (!isDone(merge)) return null
  const person = new WorkingSet(kept.contacts).personOfAny(merge.personId)
  const erased = `Event ${eventId} cannot be undone: person ${merge.personId} was erased.`
  if (!person) return { kept, told: { refused: 'conflict', obstacles: [erased] } }
  try {
    const division = undo(person, kept.bridges, merge, events.slice(place + 1).filter(isDone), AT)
    const persons = division.persons.filter(({ contacts }) => contacts.some(isLive)).map(viewOf)
    return { kept: changed(kept, division), told: { persons } }
  } catch (error) {
    return refused(kept, error)
  }
}

function separate(kept: Kept, contactIds: readonly [number, number]): { kept: Kept; told: Told } {
  const [one, other] = contactIds.map((id) => kept.contacts.find((contact) => contact.id === id))
  if (!one || !other) return { kept, told: { refused: 'not_found' } }
  if ((one.linkedId ?? one.id) === (other.linkedId ?? other.id)) return { kept, told: { refused: 'conflict' } }
  const separations = [...kept.separations, { id: 0, contactIds }]
  return { kept: { ...kept, separations }, told: { persons: [], isSeparated: true } }
}
