import {
  type BlockList,
  comeApart,
  identifiersOf,
  type Person,
  type PersonSplit,
  type RecordedEvent,
  splitEvents,
  WorkingSet,
} from '@identity/core'
import { AT, changed, type Kept } from '../corrected/specification.ts'

/** The persons, and what the log says of how block rules made them so, as far as that has happened. */
export interface TakenApart {
  readonly kept: Kept
  /** Splits in the log, by their ids. */
  readonly splitIds: ReadonlySet<string>
}

export type BlockSplit = RecordedEvent & PersonSplit

export function isBlockSplit(event: RecordedEvent): event is BlockSplit {
  return event.type === 'person.split' && event.cause === 'block'
}

/**
 * All that the application of block rules may have come to by now: it takes persons apart one by one, in any order, and each
 * is still whole or is not. Who comes apart must do so as the log says; who only loses a value leaves no trace there.
 * @param splits what the log has of them
 * @param after persons up to this one stay as they are, so that nothing comes twice
 */
export function* everyTakenApart(
  now: TakenApart,
  blockLists: readonly BlockList[],
  splits: readonly BlockSplit[],
  after = 0,
): Generator<TakenApart> {
  yield now
  const persons = new WorkingSet(now.kept.contacts).persons().filter(({ root }) => root.id > after)
  for (const person of persons) {
    for (const { isBlocked } of blockLists) {
      const next = takeApart(now, person, isBlocked, splits)
      if (next) yield* everyTakenApart(next, blockLists, splits, person.root.id)
    }
  }
}

/** Whether somebody is linked by what is blocked. */
export function isAnybodyLinked({ contacts }: Kept, { isBlocked }: BlockList): boolean {
  return contacts.some((contact) => identifiersOf(contact).some(isBlocked))
}

/** @returns null where the person has nothing blocked, or the log does not have what would follow */
function takeApart(
  { kept, splitIds }: TakenApart,
  person: Person,
  isBlocked: BlockList['isBlocked'],
  splits: readonly BlockSplit[],
): TakenApart | null {
  const ids = new Set(person.contacts.map(({ id }) => id))
  const own = kept.bridges.filter(({ emailContactId }) => ids.has(emailContactId))
  const division = comeApart(person, own, isBlocked, AT)
  if (!division) return null
  const now = new Set(splitIds)
  for (const expected of splitEvents(person, division, 'block')) {
    const found = splits.find((split) => !now.has(split.id) && isSame(split, expected))
    if (!found) return null
    now.add(found.id)
  }
  return { kept: changed(kept, division), splitIds: now }
}

function isSame(one: PersonSplit, other: PersonSplit): boolean {
  const [first, second] = [one, other].map(({ personId, newPersonId, contactIds }) => [
    personId,
    newPersonId,
    contactIds,
  ])
  return JSON.stringify(first) === JSON.stringify(second)
}
