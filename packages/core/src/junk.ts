import type { BlockRule } from './block-list.ts'
import type { IdentifierKind } from './identifier.ts'

/*
 * What people and tills enter where there is nothing to enter. Addresses under names that nobody can have (RFC 2606,
 * RFC 6761), senders that nobody reads, placeholders, and numbers of one digit or in sequence. A few of the numbers may
 * be somebody's, which is why a workspace has to switch the preset on.
 */
const EMAILS = [
  ...['*@example.com', '*@example.org', '*@example.net', '*.example', '*.test', '*.invalid', '*.localhost'],
  ...['noreply@*', 'no-reply@*', 'donotreply@*', 'do-not-reply@*', 'noemail@*', 'no-email@*', 'nomail@*'],
  ...['test@test.com', 'test@gmail.com', 'none@none.com', 'no@no.com', 'na@na.com', 'null@null.com', 'a@a.com'],
  ...['abc@abc.com', 'asdf@asdf.com', 'email@email.com', 'user@user.com', 'unknown@unknown.com', 'none@gmail.com'],
]

const PHONE_NUMBERS = [
  // No number begins with four zeros: two at most lead abroad, and no country's code begins with a zero.
  '0000*',
  ...['1', '2', '3', '4', '5', '6', '7', '8', '9'].map((digit) => digit.repeat(10)),
  ...['1234567', '12345678', '123456789', '1234567890', '0123456789', '9876543210'],
]

function preset(kind: IdentifierKind, patterns: readonly string[]): BlockRule[] {
  return patterns.map((pattern) => ({ id: null, kind, pattern }))
}

/** The preset: the usual junk, which a workspace can switch on. */
export const JUNK: readonly BlockRule[] = [...preset('email', EMAILS), ...preset('phone', PHONE_NUMBERS)]
