import { breaking, type Change, compatible, under } from './change.ts'
import { contentChanges } from './content.ts'
import { type Response, resolve } from './document.ts'
import { compareKeys } from './keys.ts'
import { type Documents, schemaChanges } from './schema.ts'

/** What callers get. New failures may come at any time, by their status; another kind of success may not. */
export function* responseChanges(
  documents: Documents,
  before: Readonly<Record<string, Response>> | undefined,
  after: Readonly<Record<string, Response>> | undefined,
): Generator<Change> {
  yield* compareKeys<Response, Change>(before, after, {
    removed: (status) => under(`response ${status}`, [breaking('is never given now')]),
    added: (status) => under(`response ${status}`, [/^[45]/.test(status) ? compatible('is new') : breaking('is new')]),
    *kept(status, old, now) {
      const [was, is] = [resolve(documents.before, old), resolve(documents.after, now)]
      yield* under(`response ${status}`, headerChanges(documents, was, is))
      yield* under(`response ${status}`, contentChanges(documents, was, is, 'response'))
    },
  })
}

function* headerChanges(documents: Documents, before: Response, after: Response): Generator<Change> {
  yield* compareKeys(before.headers, after.headers, {
    removed: (name) => under(`header ${name}`, [breaking('was removed')]),
    added: (name) => under(`header ${name}`, [compatible('is new')]),
    *kept(name, old, now) {
      if (old.required && !now.required) yield* under(`header ${name}`, [breaking('may be missing now')])
      if (!old.required && now.required) yield* under(`header ${name}`, [compatible('is always there now')])
      yield* under(`header ${name}`, schemaChanges(documents, old.schema ?? {}, now.schema ?? {}, 'response'))
    },
  })
}
