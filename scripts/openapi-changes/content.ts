import { breaking, type Change, compatible, under } from './change.ts'
import type { Body } from './document.ts'
import { compareKeys } from './keys.ts'
import { type Documents, schemaChanges, type Use } from './schema.ts'

/** The media types of a body and their schemas. */
export function* contentChanges(documents: Documents, before: Body, after: Body, use: Use): Generator<Change> {
  yield* compareKeys(before.content, after.content, {
    *removed(mediaType) {
      yield breaking(use === 'request' ? `is no longer taken as ${mediaType}` : `no longer comes as ${mediaType}`)
    },
    *added(mediaType) {
      yield compatible(use === 'request' ? `is taken as ${mediaType} too` : `comes as ${mediaType} too`)
    },
    kept: (_, old, now) => schemaChanges(documents, old.schema ?? {}, now.schema ?? {}, use),
  })
}

/** What callers send as a body. */
export function* requestBodyChanges(
  documents: Documents,
  before: (Body & { required?: boolean }) | undefined,
  after: (Body & { required?: boolean }) | undefined,
): Generator<Change> {
  if (before && after) {
    if (!before.required && after.required) yield* under('request', [breaking('is required now')])
    if (before.required && !after.required) yield* under('request', [compatible('may be left out now')])
    yield* under('request', contentChanges(documents, before, after, 'request'))
  } else if (before) yield* under('request', [breaking('the body is ignored now')])
  else if (after?.required) yield* under('request', [breaking('a body is required now')])
  else if (after) yield* under('request', [compatible('may have a body now')])
}
