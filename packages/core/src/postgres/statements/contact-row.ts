import type { Contact } from '../../contact.ts'

/** A contact as the statements return it: times as milliseconds since 1970, which both sides compare alike. */
export interface ContactRow {
  id: number
  phone_number: string | null
  email: string | null
  linked_id: number | null
  created_ms: number
  updated_ms: number
  deleted_ms: number | null
}

export function contactOfRow(row: ContactRow): Contact {
  return {
    id: row.id,
    phoneNumber: row.phone_number,
    email: row.email,
    linkedId: row.linked_id,
    linkPrecedence: row.linked_id === null ? 'primary' : 'secondary',
    createdAt: new Date(Math.round(row.created_ms)),
    updatedAt: new Date(Math.round(row.updated_ms)),
    deletedAt: row.deleted_ms === null ? null : new Date(Math.round(row.deleted_ms)),
  }
}
