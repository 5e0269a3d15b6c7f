import type { RecordedEvent } from '../../event.ts'
import { unpackEvents } from '../../packed-events.ts'
import { addedContactId, subjectsOf } from '../../subjects.ts'
import type { Client } from '../client.ts'
import { LocksOutdated } from '../retry.ts'
import { readEventHead } from '../statements/event-head.ts'
import { type ChangePlace, findChanges } from '../statements/find-changes.ts'
import { readChangesById } from '../statements/read-changes-by-id.ts'
import { giveEventPositions, PLACES_AT_ONCE } from './read-events.ts'

const CHANGES_AT_ONCE = 100

/** Gives every change that is committed by now its place in the log, and no more: others write on. Not inside of a transaction. */
export async function placeAll(client: Client, workspaceId: number): Promise<void> {
  for (let head = await readEventHead(client, workspaceId); head.hasPending; ) {
    const { lastPosition } = head
    await giveEventPositions(client, workspaceId)
    head = await readEventHead(client, workspaceId)
    if (head.lastPosition - lastPosition < PLACES_AT_ONCE) return
  }
}

/**
 * The events that added one of the contacts, or are about one of them, in the order of the log, a page of changes at a
 * time: of a change, only these.
 * @param wanted which changes are asked for
 * @throws LocksOutdated where one of them has no place in the log yet: `placeAll` gives it one
 */
export async function* eventsAbout(
  client: Client,
  workspaceId: number,
  contactIds: readonly number[],
  wanted: (change: ChangePlace) => boolean,
): AsyncGenerator<RecordedEvent[]> {
  const about = new Set(contactIds)
  const places = (await findChanges(client, workspaceId, contactIds)).filter(wanted)
  if (places.some(({ position }) => position === null)) throw new LocksOutdated([])
  const ids = places.sort((a, b) => a.position! - b.position!).map(({ id }) => id)
  for (let start = 0; start < ids.length; start += CHANGES_AT_ONCE) {
    const changes = await readChangesById(client, workspaceId, ids.slice(start, start + CHANGES_AT_ONCE))
    yield changes
      .sort((a, b) => a.position! - b.position!)
      .flatMap(({ position, at, events }) => unpackEvents(position!, at, events))
      .filter((event) => [addedContactId(event), ...subjectsOf(event)].some((id) => id !== undefined && about.has(id)))
  }
}
