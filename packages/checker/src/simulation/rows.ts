import type { IdentifierKind } from '@identity/core'

/** A row of `contact`. Times are milliseconds since 1970. */
export interface ContactRow {
  readonly id: number
  readonly email: string | null
  readonly phoneNumber: string | null
  readonly linkedId: number | null
  readonly createdMs: number
  readonly updatedMs: number
  readonly deletedMs: number | null
  readonly released: 'email' | 'phone' | 'both' | null
}

/** An entry of one of the two unique indexes of `contact`: of a value that a contact claims. */
export interface ClaimRow {
  readonly kind: IdentifierKind
  readonly value: string
  readonly contactId: number
}

/** A row of `change`. */
export interface ChangeRow {
  readonly id: number
  readonly position: number | null
  readonly atMs: number
  readonly events: readonly unknown[]
  readonly firstContactId: number | null
  readonly lastContactId: number | null
}

/** A row of `subject`. */
export interface SubjectRow {
  readonly contactId: number
  readonly changeId: number
}

/** A row of `bridge`. */
export interface BridgeRow {
  readonly emailContactId: number
  readonly phoneContactId: number
  readonly atMs: number
}

/** A row of `separation`. */
export interface SeparationRow {
  readonly id: number
  readonly contactId: number
  readonly otherContactId: number
  readonly createdMs: number
}

/** A row of `refusal`. */
export interface RefusalRow {
  readonly personId: number
  readonly otherPersonId: number
  readonly reason: string
  readonly count: number
}

/** A row of `block_rule`. */
export interface BlockRuleRow {
  readonly id: number
  readonly kind: IdentifierKind
  readonly pattern: string
  readonly createdMs: number
  readonly isApplied: boolean
}

/** A row of `policy`, its columns by their names in the statement that reads it. */
export interface PolicyRow {
  readonly version: number
  readonly blockJunk: boolean
  readonly maxEmails: number | null
  readonly maxPhoneNumbers: number | null
  readonly refusalPriority: string
  readonly suspectThreshold: number | null
  readonly blockSuspects: boolean
  readonly hasSeparations: boolean
  readonly updatedMs: number
}
