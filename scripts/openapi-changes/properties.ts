import type { Alternative } from './alternatives.ts'
import type { Schema } from './document.ts'
import { compareKeys } from './keys.ts'
import type { Difference, SchemaComparison } from './schema.ts'

/** Callers ignore properties of a response that they do not know; the service those of a request. */
export function* propertyDifferences(
  before: Alternative,
  after: Alternative,
  path: string,
  comparison: SchemaComparison,
): Generator<Difference> {
  const isRequest = comparison.use === 'request'
  const at = (name: string) => (path ? `${path}.${name}` : name)
  yield* compareKeys<Schema, Difference>(before.properties, after.properties, {
    *removed(name) {
      yield { effect: 'incompatible', path: at(name), what: isRequest ? 'is ignored now' : 'was removed' }
    },
    *added(name) {
      const isRequired = after.required?.includes(name) ?? false
      const what = isRequired ? 'is new, and required' : 'is new'
      yield { effect: isRequest && isRequired ? 'narrower' : 'compatible', path: at(name), what }
    },
    *kept(name, old, now) {
      const wasRequired = before.required?.includes(name) ?? false
      const isRequired = after.required?.includes(name) ?? false
      if (!wasRequired && isRequired)
        yield { effect: 'narrower', path: at(name), what: isRequest ? 'is required now' : 'is always there now' }
      if (wasRequired && !isRequired)
        yield { effect: 'wider', path: at(name), what: isRequest ? 'may be left out now' : 'may be missing now' }
      yield* comparison.differences(old, now, at(name))
    },
  })
  yield* restDifferences(before.additionalProperties ?? true, after.additionalProperties ?? true, at('*'), comparison)
}

/** The properties that have no schema of their own. */
function* restDifferences(
  before: boolean | Schema,
  after: boolean | Schema,
  path: string,
  comparison: SchemaComparison,
): Generator<Difference> {
  if (before === after) return
  if (after === false) yield { effect: 'narrower', path, what: 'no other property may be there now' }
  else if (before === false) yield { effect: 'compatible', path, what: 'other properties may be there now' }
  else yield* comparison.differences(before === true ? {} : before, after === true ? {} : after, path)
}
