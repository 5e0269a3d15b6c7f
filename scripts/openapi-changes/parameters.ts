import { breaking, type Change, compatible, under } from './change.ts'
import { type Parameter, resolve } from './document.ts'
import { compareKeys } from './keys.ts'
import { type Documents, schemaChanges } from './schema.ts'

/** Parameters of the path, the query, headers and cookies. */
export function* parameterChanges(
  documents: Documents,
  before: readonly Parameter[],
  after: readonly Parameter[],
): Generator<Change> {
  const olds = byName(before.map((each) => resolve(documents.before, each)))
  const news = byName(after.map((each) => resolve(documents.after, each)))
  yield* compareKeys<Parameter, Change>(olds, news, {
    removed: (name) => under(name, [breaking('is ignored now')]),
    added: (name, { required }) => under(name, [required ? breaking('is new, and required') : compatible('is new')]),
    *kept(name, old, now) {
      if (!old.required && now.required) yield* under(name, [breaking('is required now')])
      if (old.required && !now.required) yield* under(name, [compatible('may be left out now')])
      yield* under(name, schemaChanges(documents, old.schema ?? {}, now.schema ?? {}, 'request'))
    },
  })
}

function byName(parameters: readonly Parameter[]): Record<string, Parameter> {
  return Object.fromEntries(parameters.map((each) => [`${each.in} parameter ${each.name}`, each]))
}
