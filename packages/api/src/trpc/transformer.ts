import { type IdentityError, invalidRequest, show } from '@identity/core'
import superjson from 'superjson'
import { malformed } from '../rest/problem-document.ts'

/**
 * superjson, as the client has it, which takes inputs for plain JSON but for what is undefined. What superjson itself
 * would make of a caller's notes has no bound: with a few bytes they ask for gigabytes of zeros, for an array of four
 * billion places, or for a path to be walked once for each of ten thousand notes.
 */
export const transformer = { input: { serialize: superjson.serialize, deserialize: inputOf }, output: superjson }

/**
 * @param envelope `{ json, meta: { values: { [path]: ['undefined'] } } }`, or `values: ['undefined']` for the whole; it
 * is changed. Other notes of superjson's, on objects that are one, say nothing that an input needs
 * @throws IdentityError `invalid_request`
 */
function inputOf(envelope: unknown): unknown {
  if (typeof envelope !== 'object' || envelope === null || !('json' in envelope)) {
    const found = envelope === null || typeof envelope !== 'object' ? show(envelope) : 'an object without json'
    throw malformed(`body must be {"json": …}, with the input in it; found ${found}.`)
  }
  const { json, meta } = envelope as { json: unknown; meta?: { values?: unknown } | null }
  const values = meta?.values
  if (isUndefinedNote(values)) return undefined
  for (const [path, note] of Object.entries(values ?? {})) {
    if (!isUndefinedNote(note))
      throw refused(`may say what is undefined, and nothing else; found more of ${show(path)}`)
    if (!setUndefined(json, keysOf(path))) {
      throw refused(`says that ${show(path)} is undefined, and json has no null there`)
    }
  }
  return json
}

function isUndefinedNote(note: unknown): boolean {
  return Array.isArray(note) && note.length === 1 && note[0] === 'undefined'
}

/** False where there is no null at the place: so nothing grows, and no prototype is met. */
function setUndefined(json: unknown, keys: readonly string[]): boolean {
  const parent = keys.slice(0, -1).reduce(at, json)
  const last = keys.at(-1)!
  if (at(parent, last) !== null) return false
  ;(parent as Record<string, unknown>)[last] = undefined
  return true
}

function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined
}

/** superjson joins keys by dots, and has a backslash before each dot and backslash of theirs. */
function keysOf(path: string): string[] {
  const keys: string[] = []
  let key = ''
  // No regular expression: one that knows of backslashes is slow on long paths of them.
  for (let index = 0; index < path.length; index++) {
    if (path[index] === '.') {
      keys.push(key)
      key = ''
    } else {
      if (path[index] === '\\') index++
      key += path.charAt(index)
    }
  }
  return [...keys, key]
}

function refused(what: string): IdentityError {
  return invalidRequest([{ field: 'meta.values', detail: `meta.values ${what}. Send plain JSON.` }])
}
