import type { IdentifierCarrier, Releases } from './identifier.ts'

export type LinkPrecedence = 'primary' | 'secondary'

/** One row: what one order told us. A primary names a person; a secondary points straight at its person's primary. */
export interface Contact extends IdentifierCarrier, Releases {
  readonly id: number
  readonly phoneNumber: string | null
  readonly email: string | null
  /** The primary contact's id; null on a primary. */
  readonly linkedId: number | null
  readonly linkPrecedence: LinkPrecedence
  readonly createdAt: Date
  readonly updatedAt: Date
  /** When set, the contact neither matches nor shows (rule R6). */
  readonly deletedAt: Date | null
}

/** Sorts contacts oldest first. Age is (createdAt, id), never the id alone: ids are opaque. */
export function compareAge(a: Contact, b: Contact): number {
  return a.createdAt.getTime() - b.createdAt.getTime() || a.id - b.id
}

export function isLive(contact: Contact): boolean {
  return contact.deletedAt === null
}
