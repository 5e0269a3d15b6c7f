import { MAX_EMAIL_OCTETS } from './canonical/email.ts'
import { type CanonicalOptions, canonicalRequest } from './canonical/request.ts'
import { show } from './canonical/value.ts'
import { type IdentityError, invalidRequest } from './errors.ts'
import { type IdentifierKind, identifiersOf } from './identifier.ts'

/** What values a rule is about: one, or all that begin or end alike. */
export interface BlockPattern {
  readonly match: 'exact' | 'prefix' | 'suffix'
  /** The value, or the part of it before or after the `*`. */
  readonly text: string
}

const FIELDS: Record<IdentifierKind, 'email' | 'phoneNumber'> = { email: 'email', phone: 'phoneNumber' }
const PHONE_SEPARATORS = /[\s\p{Pd}./()]+/gu
/** No text of PostgreSQL's: it refuses the one, and keeps another character in place of the other. */
const UNSTORABLE = /[\0\p{Cs}]/u
/** What may stand before the `*`, and what after it. */
const PARTS = {
  email: { prefix: /^[^\s*]+$/u, suffix: /^[^\s*]+$/u },
  phone: { prefix: /^\+?[0-9]{1,20}$/, suffix: /^[0-9]{1,20}$/ },
}

/**
 * A pattern in canonical form: an exact value as rule R1 has it, or with one `*` at either end, as `*@example.com` and
 * `0000*`. A pattern with `*` is compared with canonical values: with a default region, those are E.164 where valid.
 * @throws IdentityError `invalid_request` for what is no value of the kind, for a `*` in another place, or alone
 */
export function blockPattern(kind: IdentifierKind, input: string, options: CanonicalOptions = {}): BlockPattern {
  const text = input.trim()
  if (text === '') throw problem(`must be a value or a part of one; found ${show(input)}.`)
  if (!text.includes('*')) return { match: 'exact', text: exactValue(kind, text, options) }
  const match = text.endsWith('*') ? 'prefix' : 'suffix'
  const part = match === 'prefix' ? text.slice(0, -1) : text.slice(1)
  const canonical = kind === 'email' ? part.toLowerCase().normalize('NFC') : part.replace(PHONE_SEPARATORS, '')
  if (!PARTS[kind][match].test(canonical) || UNSTORABLE.test(canonical)) {
    const example = kind === 'email' ? '"*@example.com" or "noreply@*"' : '"0000*" or "*0000"'
    throw problem(
      `for ${FIELDS[kind]} must have one * at either end and part of a value beside it, as ${example}; found ${show(input)}.`,
    )
  }
  return { match, text: canonical }
}

/**
 * The same as text, of a rule that is to be kept and shown.
 * @throws IdentityError `invalid_request`, also for a pattern that is longer than any e-mail; those that are kept from
 * before there was a limit go on to work
 */
export function canonicalPattern(kind: IdentifierKind, input: string, options: CanonicalOptions = {}): string {
  const { match, text } = blockPattern(kind, input, options)
  const octets = new TextEncoder().encode(text).length
  if (octets > MAX_EMAIL_OCTETS)
    throw problem(`must have at most ${MAX_EMAIL_OCTETS} bytes beside its *; ${show(text)} has ${octets}.`)
  return { exact: text, prefix: `${text}*`, suffix: `*${text}` }[match]
}

function exactValue(kind: IdentifierKind, text: string, options: CanonicalOptions): string {
  const [identifier] = identifiersOf(canonicalRequest({ [FIELDS[kind]]: text }, options))
  return identifier!.value
}

function problem(what: string): IdentityError {
  return invalidRequest([{ field: 'pattern', detail: `pattern ${what}` }])
}
