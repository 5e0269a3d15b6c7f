import { type FieldProblem, IdentityError, invalidRequest } from '../errors.ts'
import type { IdentifierCarrier } from '../identifier.ts'
import { canonicalEmail } from './email.ts'
import { canonicalPhone, type PhoneRegion } from './phone.ts'
import type { Canonical } from './value.ts'

/** What an order tells: an e-mail, a phone, or both. Null, undefined and blank mean absent. */
export interface IdentifyRequest {
  email?: string | null | undefined
  phoneNumber?: string | number | null | undefined
}

/** A request whose values are canonical; at least one is there. */
export interface CanonicalRequest extends IdentifierCarrier {
  /** When the order was placed, where that is not now: a new contact gets it as its createdAt. @default the store's clock */
  readonly createdAt?: Date | undefined
}

export interface CanonicalOptions {
  /** Where numbers without a country code are taken to be; none: they stay as they are. */
  defaultRegion?: PhoneRegion | undefined
}

/**
 * Rule R1: both values in canonical form.
 * @throws IdentityError `invalid_request` with every field that is wrong, or when both are absent.
 */
export function canonicalRequest(request: IdentifyRequest, options: CanonicalOptions = {}): CanonicalRequest {
  const email = canonicalEmail(request.email)
  const phone = canonicalPhone(request.phoneNumber, options.defaultRegion)
  if ('problem' in email || 'problem' in phone) throw invalidRequest(problemsOf({ email, phoneNumber: phone }))
  if (email.value === null && phone.value === null) throw bothAbsent()
  return { email: email.value, phoneNumber: phone.value }
}

function problemsOf(values: Record<string, Canonical>): FieldProblem[] {
  return Object.entries(values).flatMap(([field, value]) =>
    'problem' in value ? [{ field, detail: value.problem }] : [],
  )
}

function bothAbsent(): IdentityError {
  const detail = 'email and phoneNumber are both absent or blank; send at least one.'
  return new IdentityError('invalid_request', detail, {
    problems: [
      { field: 'email', detail },
      { field: 'phoneNumber', detail },
    ],
  })
}
