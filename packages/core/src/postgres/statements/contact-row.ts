import type { PendingQuery } from 'postgres'
import type { Contact } from '../../contact.ts'
import type { Client } from '../client.ts'

/**
 * A contact as the statements return it, its values in the order of the columns: the driver makes them faster than an
 * object. Times are milliseconds since 1970, which both sides compare alike.
 */
export type ContactRow = readonly [
  id: number,
  phoneNumber: string | null,
  email: string | null,
  linkedId: number | null,
  createdMs: number,
  updatedMs: number,
  deletedMs: number | null,
  released: 'email' | 'phone' | 'both' | null,
]

/** What a statement selects for one. */
export function contactColumns(db: Client): PendingQuery<never[]> {
  return db<never[]>`id, phone_number, email, linked_id,
      date_part('epoch', created_at) * 1000,
      date_part('epoch', updated_at) * 1000,
      date_part('epoch', deleted_at) * 1000,
      released`
}

/** @param rows what a statement that selects `contactColumns` has returned, by `.values()` */
export function contactsOfRows(rows: readonly unknown[]): Contact[] {
  return rows.map((row) => contactOfRow(row as ContactRow))
}

function contactOfRow(row: ContactRow): Contact {
  const [id, phoneNumber, email, linkedId, createdMs, updatedMs, deletedMs, released] = row
  const createdAt = new Date(Math.round(createdMs))
  return {
    id,
    phoneNumber,
    email,
    linkedId,
    linkPrecedence: linkedId === null ? 'primary' : 'secondary',
    createdAt,
    updatedAt: updatedMs === createdMs ? createdAt : new Date(Math.round(updatedMs)),
    deletedAt: deletedMs === null ? null : new Date(Math.round(deletedMs)),
    emailReleased: released === 'email' || released === 'both',
    phoneReleased: released === 'phone' || released === 'both',
  }
}
