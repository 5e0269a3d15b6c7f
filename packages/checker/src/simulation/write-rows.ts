import type { SimulatedDatabase } from './database.ts'
import type { Table } from './table.ts'
import { type Progress, sqlError, type Transaction } from './transaction.ts'

/**
 * Updates the rows that are asked for, each once nobody else holds it. Rows that come to be meanwhile are not seen; those
 * that were waited for are changed as they are then, if they are still such as is asked for.
 */
export function* updateRows<Key extends number | string, Row>(
  db: SimulatedDatabase,
  transaction: Transaction,
  table: Table<Key, Row>,
  isAsked: (row: Row) => boolean,
  change: (row: Row) => Row,
): Progress<void> {
  for (const [key, asked] of table.entries(transaction)) {
    if (!isAsked(asked)) continue
    yield* db.lock(transaction, table, key)
    const row = table.get(transaction, key)
    if (row !== undefined && isAsked(row)) table.write(transaction, key, change(row))
  }
}

/** Deletes them likewise. @returns those that are gone */
export function* deleteRows<Key extends number | string, Row>(
  db: SimulatedDatabase,
  transaction: Transaction,
  table: Table<Key, Row>,
  isAsked: (row: Row) => boolean,
): Progress<Row[]> {
  const gone: Row[] = []
  for (const [key, asked] of table.entries(transaction)) {
    if (!isAsked(asked)) continue
    yield* db.lock(transaction, table, key, 'update')
    const row = table.get(transaction, key)
    if (row === undefined || !isAsked(row)) continue
    table.write(transaction, key, null)
    gone.push(row)
  }
  return gone
}

/** What a foreign key asks of whoever names a contact: that it is there, and stays until the end of the transaction. */
export function* refer(db: SimulatedDatabase, transaction: Transaction, contactIds: Iterable<number>): Progress<void> {
  for (const id of new Set(contactIds)) {
    yield* db.lock(transaction, db.contacts, id, 'key share')
    if (!db.contacts.get(transaction, id)) throw sqlError('23503', `there is no contact ${id}`)
  }
}
