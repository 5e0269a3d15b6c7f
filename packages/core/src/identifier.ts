/** The kinds of identifier a contact can carry. */
export const IDENTIFIER_KINDS = ['email', 'phone'] as const

export type IdentifierKind = (typeof IDENTIFIER_KINDS)[number]

/** A canonical value and what kind of value it is: the thing that two contacts share. */
export interface Identifier {
  readonly kind: IdentifierKind
  readonly value: string
}

/** Anything that carries identifiers: a contact, or a request in canonical form. */
export interface IdentifierCarrier {
  readonly email: string | null
  readonly phoneNumber: string | null
}

/**
 * Which of its values no longer link a contact, as they stayed with another person after a split, or are blocked. The
 * row keeps a released value; it neither matches nor shows. A value that is not released is of one person only.
 */
export interface Releases {
  /** @default false */
  readonly emailReleased?: boolean
  /** @default false */
  readonly phoneReleased?: boolean
}

/** The identifiers that link the carrier, e-mail first. A new kind of identifier starts here. */
export function identifiersOf(carrier: IdentifierCarrier & Releases): Identifier[] {
  const email = linkingEmail(carrier)
  const phoneNumber = linkingPhone(carrier)
  const ofEmail: Identifier | null = email === null ? null : { kind: 'email', value: email }
  const ofPhone: Identifier | null = phoneNumber === null ? null : { kind: 'phone', value: phoneNumber }
  // As literals: an array that is pushed to gets room for sixteen more, and each request asks several times.
  if (ofEmail && ofPhone) return [ofEmail, ofPhone]
  if (ofEmail) return [ofEmail]
  return ofPhone ? [ofPhone] : []
}

/** The e-mail by which the carrier matches and shows; null where there is none, or it is released. */
export function linkingEmail(carrier: IdentifierCarrier & Releases): string | null {
  return carrier.emailReleased === true ? null : carrier.email
}

/** The phone number by which the carrier matches and shows; null where there is none, or it is released. */
export function linkingPhone(carrier: IdentifierCarrier & Releases): string | null {
  return carrier.phoneReleased === true ? null : carrier.phoneNumber
}

/** The values of one kind, as a statement takes them. */
export function valuesOfKind(identifiers: readonly Identifier[], kind: IdentifierKind): string[] {
  return identifiers.filter((identifier) => identifier.kind === kind).map((identifier) => identifier.value)
}
