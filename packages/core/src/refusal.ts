import { isLive } from './contact.ts'
import { type Identifier, type IdentifierKind, identifiersOf } from './identifier.ts'
import type { Person } from './person.ts'
import { type Separation, separationBetween } from './separations.ts'

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
    const over = unknown.find(({ kind }) => isOver(rules.limits[kind], [countOf(first!, kind, rules.limits), 1]))
    return over && { reason: LIMIT_REASONS[over.kind], person: first!, other: null }
  }
  const [person, other] = rules.priority === 'email' ? [first!, second] : [second, first!]
  const separation = separationBetween(person, other, rules.separations)
  if (separation) return { reason: 'separation', person, other, separationId: separation.id }
  const kind = (['email', 'phone'] as const).find((kind) =>
    isOver(rules.limits[kind], [countOf(person, kind, rules.limits), countOf(other, kind, rules.limits)]),
  )
  return kind && { reason: LIMIT_REASONS[kind], person, other }
}

const LIMIT_REASONS = { email: 'email-limit', phone: 'phone-limit' } as const

/** Both must bring values: a person who is over the limit from before may still be joined to one who has none. */
function isOver(limit: number | null, [count, more]: readonly [number, number]): boolean {
  return limit !== null && count > 0 && more > 0 && count + more > limit
}

/** How many values of a kind the person has. Two persons have none in common. Without a limit nobody counts. */
function countOf(person: Person, kind: IdentifierKind, limits: Limits): number {
  if (limits[kind] === null) return 0
  const values = new Set<string>()
  for (const contact of person.contacts) {
    if (!isLive(contact)) continue
    for (const identifier of identifiersOf(contact)) if (identifier.kind === kind) values.add(identifier.value)
  }
  return values.size
}
