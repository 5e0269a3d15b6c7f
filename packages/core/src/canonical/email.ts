import { ABSENT, type Canonical, show } from './value.ts'

/** RFC 5321 §4.5.3.1.3 allows a path of 256 octets, two of which are its angle brackets. */
export const MAX_EMAIL_OCTETS = 254
/** RFC 5321 §4.5.3.1.1. */
const MAX_LOCAL_OCTETS = 64

// Dot-atom of RFC 5322 §3.2.3, with letters and digits of any script as RFC 6531 §3.3 allows. Quoted local parts and
// address literals are left out: no shop's form takes them.
const ATOM = String.raw`[\p{L}\p{N}\p{M}!#$%&'*+/=?^_\x60{|}~-]+`
const LABEL = String.raw`[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}-]{0,61}[\p{L}\p{N}\p{M}])?`
const ADDRESS = new RegExp(String.raw`^${ATOM}(?:\.${ATOM})*@(?:${LABEL}\.)+(?!\p{N}+$)${LABEL}$`, 'u')
const ASCII = /^[\x20-\x7e]*$/
const utf8 = new TextEncoder()

/**
 * Rule R1 for e-mail addresses: trimmed, lower case, composed (Unicode NFC), and a valid address.
 * Blank, null and undefined are absent.
 */
export function canonicalEmail(input: unknown): Canonical {
  if (input === undefined || input === null) return ABSENT
  if (typeof input !== 'string') {
    return { problem: `email must be a string such as "ann@example.com"; found ${show(input)}.` }
  }
  const trimmed = input.trim()
  if (trimmed === '') return ABSENT
  const isAscii = ASCII.test(trimmed)
  const value = isAscii ? trimmed.toLowerCase() : trimmed.toLowerCase().normalize('NFC')
  const octets = isAscii ? value.length : utf8.encode(value).length
  if (octets > MAX_EMAIL_OCTETS) {
    return { problem: `email must have at most ${MAX_EMAIL_OCTETS} bytes; ${show(value)} has ${octets}.` }
  }
  const local = value.slice(0, value.lastIndexOf('@'))
  const isTooLong = local.length > MAX_LOCAL_OCTETS || (!isAscii && utf8.encode(local).length > MAX_LOCAL_OCTETS)
  if (isTooLong || !ADDRESS.test(value)) {
    return { problem: `email must be an address such as "ann@example.com"; found ${show(value)}.` }
  }
  return { value }
}
