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

/** The identifiers that the carrier has, e-mail first. A new kind of identifier starts here. */
export function identifiersOf(carrier: IdentifierCarrier): Identifier[] {
  const { email, phoneNumber } = carrier
  const identifiers: Identifier[] = []
  if (email !== null) identifiers.push({ kind: 'email', value: email })
  if (phoneNumber !== null) identifiers.push({ kind: 'phone', value: phoneNumber })
  return identifiers
}

/** The values of one kind, as a statement takes them. */
export function valuesOfKind(identifiers: readonly Identifier[], kind: IdentifierKind): string[] {
  return identifiers.filter((identifier) => identifier.kind === kind).map((identifier) => identifier.value)
}
