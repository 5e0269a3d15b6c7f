import type { PendingQuery } from 'postgres'
import type { Identifier, IdentifierKind } from '../../identifier.ts'
import type { Client } from '../client.ts'

/** An identifier, and the contact that is the first to carry it. */
export interface Claim extends Identifier {
  readonly contactId: number
}

/** What the column `claimed` says: of which of its values a contact is the first carrier. */
export type ClaimCode = IdentifierKind | 'both'

/** The column that holds a contact's value of a kind. */
export function valueColumn(db: Client, kind: IdentifierKind): PendingQuery<never[]> {
  return kind === 'email' ? db<never[]>`email` : db<never[]>`phone_number`
}

/** That a contact claims its value of a kind, in the words of the index by which the value is then found. */
export function claims(db: Client, kind: IdentifierKind): PendingQuery<never[]> {
  return kind === 'email' ? db<never[]>`claimed in ('email', 'both')` : db<never[]>`claimed in ('phone', 'both')`
}

/** That contact c claims what does not link it. */
export function claimsInVain(db: Client): PendingQuery<never[]> {
  return db<never[]>`(
    c.claimed in ('email', 'both') and (c.email is null or c.released in ('email', 'both'))
    or c.claimed in ('phone', 'both') and (c.phone_number is null or c.released in ('phone', 'both'))
  )`
}

/** What each contact claims, by its id. */
export function claimCodes(claims: readonly Claim[]): Map<number, ClaimCode> {
  const codes = new Map<number, ClaimCode>()
  for (const { contactId, kind } of claims) {
    const code = codes.get(contactId)
    codes.set(contactId, code === undefined || code === kind ? kind : 'both')
  }
  return codes
}
