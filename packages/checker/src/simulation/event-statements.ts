import type { ChangeRow } from './rows.ts'
import type { Statement } from './statements.ts'
import { updateRows } from './write-rows.ts'

/** The log has one head. */
const HEAD = { name: 'event_head' }

/** What the statements that write and read the log of events do. All of it is of one workspace, whose head is there. */
export const EVENT_STATEMENTS: Readonly<Record<string, Statement>> = {
  'insert-change'(db, transaction, { args }) {
    const [, at, , events, firstContactId, lastContactId] = args as [
      number,
      Date,
      number,
      string,
      number | null,
      number | null,
    ]
    const id = db.changeIds.draw()
    transaction.changeId = id
    db.changes.write(transaction, id, {
      id,
      position: null,
      atMs: at.getTime(),
      events: JSON.parse(events),
      firstContactId,
      lastContactId,
    })
    return [{ id }]
  },

  'insert-subjects'(db, transaction, query) {
    const changeId = transaction.changeId!
    for (const { id } of query.unnested()) {
      const contactId = id as number
      db.subjects.write(transaction, `${contactId} ${changeId}`, { contactId, changeId })
    }
    return []
  },

  *'lock-event-head'(db, transaction) {
    yield* db.lock(transaction, HEAD, 1, 'update')
    return [{}]
  },

  *'place-changes'(db, transaction, { args }) {
    const limit = args[2] as number
    const seen = db.changes.rows(transaction)
    const last = lastPosition(seen)
    const pending = seen
      .filter(isPending)
      .slice(0, limit)
      .map(({ id }) => id)
    yield* updateRows(
      db,
      transaction,
      db.changes,
      ({ id }) => pending.includes(id),
      (row) => ({ ...row, position: last + pending.indexOf(row.id) + 1 }),
    )
    return []
  },

  /** The last position is always that of a change: none is ever deleted here. */
  'advance-event-head'() {
    return []
  },

  'read-event-head'(db, transaction) {
    const seen = db.changes.rows(transaction)
    return [
      { lastPosition: lastPosition(seen), deletedPosition: 0, deletedIndex: -1, hasPending: seen.some(isPending) },
    ]
  },

  'read-changes'(db, transaction, { args }) {
    const [, from, , events] = args as [number, number, number, number]
    const placed = db.changes.rows(transaction).filter((row) => row.position !== null && row.position >= from)
    let before = 0
    return placed
      .sort((a, b) => a.position! - b.position!)
      .filter((row) => {
        const isAsked = before < events
        before += row.events.length
        return isAsked
      })
      .map((row) => ({ position: row.position, at_ms: row.atMs, events: row.events }))
  },

  'read-change-at'(db, transaction, { args }) {
    const position = args[1] as number
    return db.changes
      .rows(transaction)
      .filter((row) => row.position === position)
      .map(identified)
  },

  'read-changes-by-id'(db, transaction, { args }) {
    const ids = args[1] as number[]
    return db.changes
      .rows(transaction)
      .filter(({ id }) => ids.includes(id))
      .map(identified)
  },

  /** All of them: there are never so many that a limit would leave some out. */
  'find-adding-changes'(db, transaction, { args }) {
    const ids = args[0] as number[]
    return db.changes
      .rows(transaction)
      .filter((row) => row.firstContactId !== null)
      .filter((row) => ids.some((id) => row.firstContactId! <= id && id <= row.lastContactId!))
      .map(({ id, position }) => ({ id, position }))
  },

  'find-changes-about'(db, transaction, { args }) {
    const ids = args[2] as number[]
    const named = db.subjects.rows(transaction).filter(({ contactId }) => ids.includes(contactId))
    const changeIds = new Set(named.map(({ changeId }) => changeId))
    return db.changes
      .rows(transaction)
      .filter(({ id }) => changeIds.has(id))
      .map(({ id, position }) => ({ id, position }))
  },

  'has-change'(db, transaction, { args }) {
    const [, id, at] = args as [number, number, Date]
    return [{ has_change: db.changes.get(transaction, id)?.atMs === at.getTime() }]
  },
}

function identified({ id, position, atMs, events }: ChangeRow) {
  return { id, position, at_ms: atMs, events }
}

function isPending({ position }: ChangeRow): boolean {
  return position === null
}

function lastPosition(changes: readonly ChangeRow[]): number {
  return Math.max(0, ...changes.map(({ position }) => position ?? 0))
}
