import type { IdentifierKind } from '@identity/core'
import { claim, keyOf } from './claims.ts'
import type { SimulatedDatabase } from './database.ts'
import type { ContactRow } from './rows.ts'
import type { Statement } from './statements.ts'
import { sqlError, type Transaction } from './transaction.ts'
import { deleteRows, refer, updateRows } from './write-rows.ts'

/** What the statements of identify do. */
export const IDENTIFY_STATEMENTS: Readonly<Record<string, Statement>> = {
  'read-persons'(db, transaction, { args }) {
    const [emails, phones] = args.filter((arg) => Array.isArray(arg)) as [string[], string[]]
    const identifiers = [
      ...emails.map((value) => ({ kind: 'email', value }) as const),
      ...phones.map((value) => ({ kind: 'phone', value }) as const),
    ]
    const ids = identifiers.flatMap((identifier) => db.claims.get(transaction, keyOf(identifier))?.contactId ?? [])
    return contactsOfPersonsOf(db, transaction, ids)
  },

  *'lock-primaries'(db, transaction, { args }) {
    const ids = new Set(args[1] as number[])
    for (const { id } of db.contacts.rows(transaction)) {
      if (ids.has(id)) yield* db.lock(transaction, db.contacts, id)
    }
    return []
  },

  'draw-stamp'(db, transaction, { args }) {
    // It reads contacts, and has a number from now on.
    transaction.mayWriteContacts = true
    const ids = Array.from({ length: args[0] as number }, () => db.contactIds.draw())
    const highest_id = db.contacts.rows(transaction).at(-1)?.id ?? null
    return [{ at_ms: db.clockMs(), ids, highest_id, transaction_id: transaction.id }]
  },

  *'insert-contacts'(db, transaction, query) {
    const createdMs = (query.args.find((arg) => arg instanceof Date) as Date).getTime()
    const rows = query.unnested()
    for (const row of rows) {
      const id = row.id as number
      if (db.contacts.get(transaction, id)) throw sqlError('23505', `contact ${id} exists`)
      const [email, phoneNumber] = [row.email as string | null, row.phone_number as string | null]
      db.contacts.write(transaction, id, {
        id,
        email,
        phoneNumber,
        linkedId: row.linked_id as number | null,
        createdMs,
        updatedMs: createdMs,
        deletedMs: null,
        released: null,
      })
      const claims = (kind: IdentifierKind) => row.claimed === kind || row.claimed === 'both'
      if (claims('email')) yield* claim(db, transaction, { kind: 'email', value: email!, contactId: id })
      if (claims('phone')) yield* claim(db, transaction, { kind: 'phone', value: phoneNumber!, contactId: id })
    }
    yield* refer(
      db,
      transaction,
      rows.flatMap(({ linked_id }) => (linked_id as number | null) ?? []),
    )
    return []
  },

  *'unclaim-of-deleted'(db, transaction, { args }) {
    const [other, , values] = args as [IdentifierKind, number, string[]]
    yield* deleteRows(db, transaction, db.claims, ({ kind, value, contactId }) => {
      if (kind === other || !values.includes(value)) return false
      const contact = db.contacts.get(transaction, contactId)
      return contact !== undefined && contact.deletedMs !== null
    })
    return []
  },

  *'relink-contacts'(db, transaction, { args }) {
    const [linkedIds, ids] = args as [Array<number | null>, number[]]
    const updatedMs = (args.find((arg) => arg instanceof Date) as Date).getTime()
    const relink = (row: ContactRow) => ({ ...row, linkedId: linkedIds[ids.indexOf(row.id)]!, updatedMs })
    yield* updateRows(db, transaction, db.contacts, namedBy(ids), relink)
    yield* refer(
      db,
      transaction,
      linkedIds.filter((id) => id !== null),
    )
    return []
  },

  'has-trace'(db, transaction, { args }) {
    const atMs = (args.find((arg) => arg instanceof Date) as Date).getTime()
    const ids = args.find((arg) => Array.isArray(arg)) as number[]
    const rows = ids.map((id) => db.contacts.get(transaction, id))
    return [{ has_trace: rows.some((row) => row && (row.createdMs === atMs || row.updatedMs === atMs)) }]
  },

  'read-transaction-status'(db, _transaction, { args }) {
    const known = db.transactions.get(args[0] as string)
    if (!known) throw sqlError('22023', `transaction ID ${args[0]} is in the future`)
    return [{ status: known.status }]
  },
}

/** Every contact of the persons that contacts are of, deleted ones included. */
export function contactsOfPersonsOf(
  db: SimulatedDatabase,
  transaction: Transaction,
  contactIds: readonly number[],
): unknown[] {
  const found = contactIds.flatMap((id) => db.contacts.get(transaction, id) ?? [])
  const roots = new Set(found.map(({ id, linkedId }) => linkedId ?? id))
  return db.contacts
    .rows(transaction)
    .filter(({ id, linkedId }) => roots.has(linkedId ?? id))
    .map(answerOf)
}

/** A contact as the statements return it. */
export function answerOf(row: ContactRow): unknown[] {
  const { id, phoneNumber, email, linkedId, createdMs, updatedMs, deletedMs, released } = row
  return [id, phoneNumber, email, linkedId, createdMs, updatedMs, deletedMs, released]
}

export function namedBy(ids: readonly number[]): (row: { readonly id: number }) => boolean {
  return ({ id }) => ids.includes(id)
}
