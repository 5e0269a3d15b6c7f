import { isLive } from './contact.ts'
import { IDENTIFIER_KINDS, type Identifier, type IdentifierKind, identifiersOf, valuesOfKind } from './identifier.ts'
import type { Person } from './person.ts'
import { type Separation, separationBetween } from './separations.ts'
import { unique } from './unique.ts'

/** How many different values of a kind a person may have; null: any number. At least 1. */
export type Limits = Readonly<Record<IdentifierKind, number | null>>

/** What a workspace refuses, as far as one request can meet it. */
export interface ReconcileRules {
  /** All that name a contact of the persons involved; others do no harm. */
  readonly separations: readonly Separation[]
  readonly limits: Limits
  /** Whose person answers where two may not be joined: the owner of the request's e-mail, or of its phone number. */
  readonly priority: IdentifierKind
}

export type RefusalReason = 'separation' | 'email-limit' | 'phone-limit'

/** Why a request changed nothing. */
export interface Refusal {
  readonly reason: RefusalReason
  /** The person that answers. */
  readonly person: Person
  /** The person that was not joined; null where a contact was not added, so that no other is involved. */
  readonly other: Person | null
  /** With the reason `separation`: which one. */
  readonly separationId?: number
}

/**
 * What refuses to join the persons, or to bring the values to the one person, if anything does: a separation first, then
 * the e-mails, then the phone numbers.
 * @param persons one or two, the owner of the request's e-mail before that of its phone number
 * @param unknown the request's values that nobody carries
 */
export function refusalOf(
  persons: readonly Person[],
  unknown: readonly Identifier[],
  rules: ReconcileRules,
): Refusal | undefined {
  const [first, second] = persons
  if (second === undefined) {
    const over = unknown.find(({ kind, value }) => isOver(rules.limits[kind], () => [valuesOf(first!, kind), [value]]))
    return over && { reason: LIMIT_REASONS[over.kind], person: first!, other: null }
  }
  const [person, other] = rules.priority === 'email' ? [first!, second] : [second, first!]
  const separation = separationBetween(person, other, rules.separations)
  if (separation) return { reason: 'separation', person, other, separationId: separation.id }
  const kind = IDENTIFIER_KINDS.find((kind) =>
    isOver(rules.limits[kind], () => [valuesOf(person, kind), valuesOf(other, kind)]),
  )
  return kind && { reason: LIMIT_REASONS[kind], person, other }
}

const LIMIT_REASONS = { email: 'email-limit', phone: 'phone-limit' } as const

/** Each must bring values: a person who is over the limit from before may still be joined to one who has none. */
function isOver(limit: number | null, sides: () => readonly [readonly string[], readonly string[]]): boolean {
  if (limit === null) return false
  const [one, other] = sides()
  const count = unique([...one, ...other]).length
  return count > limit && count > one.length && count > other.length
}

/** The person's different values of a kind. */
function valuesOf(person: Person, kind: IdentifierKind): string[] {
  return unique(valuesOfKind(person.contacts.filter(isLive).flatMap(identifiersOf), kind))
}
