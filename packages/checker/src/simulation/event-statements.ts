import type { ChangeRow } from './database.ts'
import type { Statement } from './statements.ts'

/** What the statements that write and read the log of events do. All of it is of one workspace, whose head is there. */
export const EVENT_STATEMENTS: Readonly<Record<string, Statement>> = {
  'insert-change'(db, transaction, { args }) {
    const [, at, , events] = args as [number, Date, number, string]
    const id = db.nextChangeId++
    transaction!.changes.set(id, { id, position: null, atMs: at.getTime(), events: JSON.parse(events) })
    return [{ id }]
  },

  /** By whom events are found, which nothing in a simulation looks for. */
  'insert-subjects'() {
    return []
  },

  'insert-bridges'() {
    return []
  },

  *'lock-event-head'(db, transaction) {
    yield* db.lock(transaction!, 'event head')
    return [{}]
  },

  'place-changes'(db, transaction, { args }) {
    const limit = args[2] as number
    const seen = db.changesSeen(transaction)
    const last = lastPosition(seen)
    for (const [n, row] of seen.filter(isPending).slice(0, limit).entries()) {
      transaction!.changes.set(row.id, { ...row, position: last + n + 1 })
    }
    return []
  },

  /** The last position is always that of a change: none is ever deleted here. */
  'advance-event-head'() {
    return []
  },

  'read-event-head'(db, transaction) {
    const seen = db.changesSeen(transaction)
    return [
      { lastPosition: lastPosition(seen), deletedPosition: 0, deletedIndex: -1, hasPending: seen.some(isPending) },
    ]
  },

  'read-changes'(db, transaction, { args }) {
    const [, from, , events] = args as [number, number, number, number]
    const placed = db.changesSeen(transaction).filter((row) => row.position !== null && row.position >= from)
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
}

function isPending({ position }: ChangeRow): boolean {
  return position === null
}

function lastPosition(changes: readonly ChangeRow[]): number {
  return Math.max(0, ...changes.map(({ position }) => position ?? 0))
}
