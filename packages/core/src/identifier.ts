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

/** Where each kind lives in a carrier. A new kind of identifier starts here. */
const FIELD_OF_KIND = { email: 'email', phone: 'phoneNumber' } as const satisfies Record<
  IdentifierKind,
  keyof IdentifierCarrier
>

/** The value of one kind that the carrier has, or null. */
export function identifierValue(carrier: IdentifierCarrier, kind: IdentifierKind): string | null {
  return carrier[FIELD_OF_KIND[kind]]
}

/** The identifiers that the carrier has, e-mail first. */
export function identifiersOf(carrier: IdentifierCarrier): Identifier[] {
  const identifiers: Identifier[] = []
  for (const kind of IDENTIFIER_KINDS) {
    const value = identifierValue(carrier, kind)
    if (value !== null) identifiers.push({ kind, value })
  }
  return identifiers
}
