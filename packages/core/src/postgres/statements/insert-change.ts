import type { WrittenEvent } from '../../event.ts'
import { packEvents } from '../../packed-events.ts'
import { addedContactId, subjectsOf } from '../../subjects.ts'
import { unique } from '../../unique.ts'
import type { Client } from '../client.ts'

/**
 * Writes what a transaction has done as events. Sent while it holds its locks, as the change's id is drawn here.
 * @returns the change's id
 */
export async function insertChange(
  db: Client,
  workspaceId: number,
  events: readonly WrittenEvent[],
  at: Date,
): Promise<number> {
  const subjects = unique(events.flatMap(({ event }) => subjectsOf(event)))
  const [id] = await Promise.all([
    insertRow(db, workspaceId, events, at),
    subjects.length > 0 && insertSubjects(db, workspaceId, subjects),
  ])
  return id
}

async function insertRow(db: Client, workspaceId: number, events: readonly WrittenEvent[], at: Date): Promise<number> {
  const [first, last] = rangeOf(events)
  const [row] = await db<[{ id: number }]>`
    /* identity:insert-change */
    insert into change (workspace_id, at, size, events, first_contact_id, last_contact_id)
    values (${workspaceId}, ${at}, ${events.length}, ${packEvents(events)}::text::jsonb, ${first}, ${last})
    returning id`
  return row.id
}

/** The lowest and the highest id of the contacts that were added. */
function rangeOf(events: readonly WrittenEvent[]): [number | null, number | null] {
  let [first, last]: [number | null, number | null] = [null, null]
  for (const { event } of events) {
    const id = addedContactId(event)
    if (id === undefined) continue
    first = first === null ? id : Math.min(first, id)
    last = last === null ? id : Math.max(last, id)
  }
  return [first, last]
}

/** Of the change that this session has just written, so that both travel together. */
async function insertSubjects(db: Client, workspaceId: number, subjects: readonly number[]): Promise<void> {
  await db`
    /* identity:insert-subjects */
    insert into subject (workspace_id, contact_id, change_id)
    select ${workspaceId}, id, currval('change_id_seq') from unnest(${[...subjects]}::bigint[]) as named (id)`
}
