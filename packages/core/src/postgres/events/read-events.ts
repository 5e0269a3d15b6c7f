import { IdentityError } from '../../errors.ts'
import type { RecordedEvent } from '../../event.ts'
import { type EventCursor, eventCursor, isBefore, notAnEvent } from '../../event-cursor.ts'
import { unpackEvents } from '../../packed-events.ts'
import type { EventQuery } from '../../store.ts'
import type { Client } from '../client.ts'
import { type EventHead, lockEventHead, readEventHead } from '../statements/event-head.ts'
import { placeChanges } from '../statements/place-changes.ts'
import { type Change, readChanges } from '../statements/read-changes.ts'
import { begin, commit } from '../transaction.ts'

/** As many as a query may ask for: after them, a query is filled, or nothing is left that was committed before it. */
export const PLACES_AT_ONCE = 1_000

/**
 * The next events of a workspace. Changes that nobody has read yet get their positions first.
 * @throws IdentityError `invalid_request` or `gone`
 */
export async function readEvents(client: Client, workspaceId: number, query: EventQuery): Promise<RecordedEvent[]> {
  return (await readWhole(client, workspaceId, query, eventCursor(query.after))).events
}

/** Reads again where the log had no positions for all there is. */
async function readWhole(client: Client, workspaceId: number, query: EventQuery, cursor: EventCursor) {
  const page = await readPage(client, workspaceId, query, cursor)
  if (page.events.length === query.limit || !(page.hasPending || page.isBehind)) return page
  if (page.hasPending) await giveEventPositions(client, workspaceId)
  return readPage(client, workspaceId, query, cursor)
}

/** What is read of a log without an id to begin after. */
export interface EventsFrom {
  readonly events: RecordedEvent[]
  /** Where some after the cursor were deleted for their age: up to here. */
  readonly deletedUpTo: EventCursor | null
}

/** The next events after a place in the log; where some after it were deleted, from the oldest that is kept. */
export function readEventsFrom(
  client: Client,
  workspaceId: number,
  cursor: EventCursor,
  limit: number,
): Promise<EventsFrom> {
  return readWhole(client, workspaceId, { limit }, cursor)
}

/** The event at a place in the log; null where it was deleted. */
export async function readEvent(
  client: Client,
  workspaceId: number,
  cursor: EventCursor,
): Promise<RecordedEvent | null> {
  const [change] = await readChanges(client, workspaceId, { position: cursor.position, index: -1 }, 1)
  if (change?.position !== cursor.position) return null
  return unpackEvents(change.position, change.at, change.events)[cursor.index] ?? null
}

/** Gives the oldest changes without a position theirs, in a transaction of its own. */
export async function giveEventPositions(client: Client, workspaceId: number): Promise<void> {
  await begin(client)
  await lockEventHead(client, workspaceId)
  await Promise.all([placeChanges(client, workspaceId, PLACES_AT_ONCE), commit(client)])
}

async function readPage(client: Client, workspaceId: number, { after, limit }: EventQuery, cursor: EventCursor) {
  // The head after the changes: what was deleted before they were read, it tells.
  const [changes, head] = await Promise.all([
    readChanges(client, workspaceId, cursor, limit),
    readEventHead(client, workspaceId),
  ])
  if (after !== undefined) checkCursor(after, cursor, changes, head)
  const events = changes.flatMap(({ position, at, events }) => {
    const unpacked = unpackEvents(position, at, events)
    return position === cursor.position ? unpacked.slice(cursor.index + 1) : unpacked
  })
  // Another reader may have given positions between the two statements.
  const isBehind = head.lastPosition > (changes.at(-1) ?? cursor).position
  const deleted = { position: head.deletedPosition, index: head.deletedIndex }
  const deletedUpTo = isBefore(cursor, deleted) ? deleted : null
  return { events: events.slice(0, limit), hasPending: head.hasPending, isBehind, deletedUpTo }
}

/** @throws IdentityError where the id is of no event, or of one from which on some are deleted */
function checkCursor(after: string, { position, index }: EventCursor, [first]: readonly Change[], head: EventHead) {
  const { deletedPosition, deletedIndex, lastPosition } = head
  if (isBefore({ position, index }, { position: deletedPosition, index: deletedIndex })) {
    throw new IdentityError(
      'gone',
      `Events after ${after} were deleted, as they are older than the service keeps them. Read all persons anew, then list without after.`,
    )
  }
  const isThere = position === deletedPosition ? index === deletedIndex : first?.position === position
  if (position > lastPosition || !isThere || (first?.position === position && index >= first.events.length)) {
    throw notAnEvent(after)
  }
}
