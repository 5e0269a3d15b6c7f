import { type ContactRow, type Progress, type SimulatedDatabase, sqlError, type Transaction } from './database.ts'
import { EVENT_STATEMENTS } from './event-statements.ts'
import type { SimulatedQuery } from './query.ts'

export type Statement = (
  db: SimulatedDatabase,
  transaction: Transaction | null,
  query: SimulatedQuery,
) => unknown[] | Progress<unknown[]>

/** What each statement of the engine does, by the name in its comment. One that is missing here fails loudly. */
export const STATEMENTS: Readonly<Record<string, Statement>> = {
  ...EVENT_STATEMENTS,

  'read-persons'(db, transaction, { args }) {
    const [emails, phones] = args.filter((arg) => Array.isArray(arg)) as [string[], string[]]
    const keys = [...emails.map((value) => keyOf('email', value)), ...phones.map((value) => keyOf('phone', value))]
    const roots = new Set<number>()
    for (const key of keys) {
      const id = transaction?.identifiers.get(key) ?? db.identifiers.get(key)
      if (id !== undefined) roots.add(db.contact(transaction, id)!.linkedId ?? id)
    }
    const ids = new Set([...db.contacts.keys(), ...(transaction?.contacts.keys() ?? [])])
    return [...ids]
      .map((id) => db.contact(transaction, id)!)
      .filter((row) => roots.has(row.linkedId ?? row.id))
      .map((row) => [row.id, row.phoneNumber, row.email, row.linkedId, row.createdMs, row.updatedMs, null])
  },

  *'lock-primaries'(db, transaction, { args }) {
    for (const id of existing(db, transaction, args[1] as number[])) yield* db.lock(transaction!, `contact ${id}`)
    return []
  },

  'draw-stamp'(db, transaction, { args }) {
    const ids = Array.from({ length: args[0] as number }, () => db.nextId++)
    const highest_id = Math.max(0, ...db.contacts.keys(), ...transaction!.contacts.keys())
    return [{ at_ms: db.clockMs(), ids, highest_id, transaction_id: transaction!.id }]
  },

  'insert-contacts'(db, transaction, query) {
    const at = query.args.find((arg) => arg instanceof Date)
    for (const row of query.unnested()) {
      const id = row.id as number
      if (db.contact(transaction, id)) throw sqlError('23505', `contact ${id} exists`)
      const createdMs = new Date((row.created_at as Date | undefined) ?? at!).getTime()
      transaction!.contacts.set(id, {
        id,
        email: row.email as string | null,
        phoneNumber: row.phone_number as string | null,
        linkedId: row.linked_id as number | null,
        createdMs,
        updatedMs: createdMs,
      })
    }
    for (const { linked_id } of query.unnested())
      if (linked_id !== null && !db.contact(transaction, linked_id as number))
        throw sqlError('23503', 'no such primary')
    return []
  },

  *'insert-identifiers'(db, transaction, query) {
    for (const row of query.unnested()) {
      const key = keyOf(row.kind as string, row.value as string)
      // A unique index makes an insertion wait for whoever is inserting the same key.
      yield* db.lock(transaction!, `identifier ${key}`)
      if (db.identifiers.has(key) || transaction!.identifiers.has(key)) throw sqlError('23505', `${key} exists`)
      transaction!.identifiers.set(key, row.contact_id as number)
      if (!db.contact(transaction, row.contact_id as number)) throw sqlError('23503', 'no such contact')
    }
    return []
  },

  *'point-contacts'(db, transaction, { args }) {
    const linkedId = args[0] as number
    const ids = args.find((arg) => Array.isArray(arg)) as number[]
    yield* update(db, transaction!, ids, { linkedId, updatedMs: (args[1] as Date).getTime() })
    return []
  },

  *'touch-contacts'(db, transaction, { args }) {
    const ids = args.find((arg) => Array.isArray(arg)) as number[]
    yield* update(db, transaction!, ids, { updatedMs: (args[0] as Date).getTime() })
    return []
  },

  'has-trace'(db, transaction, { args }) {
    const atMs = (args.find((arg) => arg instanceof Date) as Date).getTime()
    const rows = (args.find((arg) => Array.isArray(arg)) as number[]).map((id) => db.contact(transaction, id))
    return [{ has_trace: rows.some((row) => row && (row.createdMs === atMs || row.updatedMs === atMs)) }]
  },

  'read-transaction-status'(db, _transaction, { args }) {
    const known = db.transactions.get(args[0] as string)
    if (!known) throw sqlError('22023', `transaction ID ${args[0]} is in the future`)
    return [{ status: known.status }]
  },
}

/** Rows that come to be while an update waits are not seen by it; of those it waits for, it changes the newest form. */
function* update(
  db: SimulatedDatabase,
  transaction: Transaction,
  ids: readonly number[],
  change: Partial<ContactRow>,
): Progress<void> {
  for (const id of existing(db, transaction, ids)) {
    yield* db.lock(transaction, `contact ${id}`)
    transaction.contacts.set(id, { ...db.contact(transaction, id)!, ...change })
  }
}

function existing(db: SimulatedDatabase, transaction: Transaction | null, ids: readonly number[]): number[] {
  return ids.filter((id) => db.contact(transaction, id)).sort((a, b) => a - b)
}

function keyOf(kind: string, value: string): string {
  return `${kind} ${value}`
}
