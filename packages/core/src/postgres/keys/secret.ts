import { createHash, randomBytes } from 'node:crypto'

/*
 * A key is `idk_<id>_<secret>`: the prefix lets secret scanners find a leaked one, the id names it in lists and logs, and
 * the secret is 256 random bits. It is stored as its SHA-256. A slow hash such as argon2 defends secrets that people
 * choose, of which an attacker can try the likely ones; of 256 random bits none is likelier than another, and each request
 * would pay for it.
 */

/** A whole key, and nothing else. */
const KEY = /^idk_([a-z2-7]{12})_[A-Za-z0-9_-]{43}$/
const ID = /^(?:idk_)?([a-z2-7]{12})(?:_[A-Za-z0-9_-]{43})?$/
/** RFC 4648 base32, in lower case: no character of it is mistaken for another. */
const ID_ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'
const ID_LENGTH = 12
const SECRET_BYTES = 32

/** A new key: the only time that it is whole. */
export function drawKey(): { id: string; key: string; hash: string } {
  const id = Array.from(randomBytes(ID_LENGTH), (byte) => ID_ALPHABET[byte % ID_ALPHABET.length]).join('')
  const key = `idk_${id}_${randomBytes(SECRET_BYTES).toString('base64url')}`
  return { id, key, hash: hashOf(key) }
}

/** What is stored of a key, and by which it is found; undefined for what cannot be one. */
export function hashOfKey(text: string): string | undefined {
  return KEY.test(text) ? hashOf(text) : undefined
}

/** The id in `abc…`, `idk_abc…` or a whole key; undefined where there is none. */
export function idOfKey(text: string): string | undefined {
  return ID.exec(text)?.[1]
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}
