import { type Alternative, alternativesOf, byKind, nameOf, taggedNameOf } from './alternatives.ts'
import { breaking, type Change, compatible } from './change.ts'
import { type Document, resolve, type Schema } from './document.ts'
import { LIMITS, limitDifferences } from './limits.ts'
import { propertyDifferences } from './properties.ts'

/** Who writes the values: the caller those of a request, the service those of a response. */
export type Use = 'request' | 'response'

export interface Difference {
  /** Of the values that a place admits: there are fewer, there are more; or whoever knew the old ones is lost or is not. */
  readonly effect: 'narrower' | 'wider' | 'incompatible' | 'compatible'
  readonly path: string
  readonly what: string
}

export interface Documents {
  readonly before: Document
  readonly after: Document
}

const ANNOTATIONS = ['title', 'description', 'default', 'deprecated', 'example', 'examples', '$comment']
const COMPARED = ['$ref', 'type', 'const', 'enum', 'anyOf', 'oneOf', 'properties', 'required', 'additionalProperties']
const KNOWN = new Set([...ANNOTATIONS, ...COMPARED, ...LIMITS, 'items'])

/** A request may not admit less than before, a response not more. */
export function* schemaChanges(
  documents: Documents,
  before: Schema,
  after: Schema,
  use: Use,
): Generator<Change, undefined> {
  const comparison = new SchemaComparison(documents, use)
  for (const { effect, path, what } of comparison.differences(before, after, '')) {
    const isBreaking = effect === 'incompatible' || effect === (use === 'request' ? 'narrower' : 'wider')
    yield { ...(isBreaking ? breaking(what) : compatible(what)), where: path }
  }
}

export class SchemaComparison {
  readonly use: Use
  readonly #documents: Documents
  /** References under comparison: a schema that holds itself is compared once. */
  readonly #open = new Set<string>()

  constructor(documents: Documents, use: Use) {
    this.#documents = documents
    this.use = use
  }

  *differences(before: Schema, after: Schema, path: string): Generator<Difference, undefined> {
    const pair = before.$ref && after.$ref && `${before.$ref} ${after.$ref}`
    if (pair && this.#open.has(pair)) return
    if (pair) this.#open.add(pair)
    assertKnown(resolve(this.#documents.before, before), path)
    assertKnown(resolve(this.#documents.after, after), path)
    yield* this.#union(
      alternativesOf(this.#documents.before, before),
      alternativesOf(this.#documents.after, after),
      path,
    )
    if (pair) this.#open.delete(pair)
  }

  *#union(before: Alternative[], after: Alternative[], path: string): Generator<Difference> {
    const [olds, news] = this.#kinds(before, after)
    for (const [kind, old] of olds) {
      const now = news.get(kind)
      if (now) yield* this.#alternative(old, now, path)
      else if (!after.some((each) => this.#covers(each, old))) {
        const rest = [...news.keys()].join(' or ')
        const what =
          this.use === 'request' ? `takes only ${rest}, no longer ${kind}` : `is only ${rest}, no longer ${kind}`
        yield { effect: 'narrower', path, what }
      }
    }
    for (const [kind, now] of news) {
      if (olds.has(kind) || before.some((each) => this.#covers(each, now))) continue
      yield { effect: 'wider', path, what: this.use === 'request' ? `takes ${kind} too` : `may be ${kind} too` }
    }
  }

  #kinds(before: Alternative[], after: Alternative[]) {
    const hasSeveralObjects = [before, after].some((list) => list.filter(({ type }) => type === 'object').length > 1)
    const { before: old, after: now } = this.#documents
    return [
      byKind(before, hasSeveralObjects ? (each) => taggedNameOf(old, each) : nameOf),
      byKind(after, hasSeveralObjects ? (each) => taggedNameOf(now, each) : nameOf),
    ] as const
  }

  /** Whether each value of the second one is a value of the first one. */
  #covers(general: Alternative, special: Alternative): boolean {
    if (general.type === undefined) return true
    if ('const' in general) return false
    if (general.type !== special.type && `${special.type} ${general.type}` !== 'integer number') return false
    return 'const' in special || [...this.#alternative(special, general, '')].every(({ effect }) => effect === 'wider')
  }

  *#alternative(before: Alternative, after: Alternative, path: string): Generator<Difference> {
    yield* limitDifferences(before, after, path)
    if (after.type === 'array') yield* this.differences(before.items ?? {}, after.items ?? {}, `${path}[]`)
    if (after.type === 'object') yield* propertyDifferences(before, after, path, this)
  }
}

function assertKnown(schema: Schema, path: string): void {
  const unknown = Object.keys(schema).find((keyword) => !KNOWN.has(keyword) && !keyword.startsWith('x-'))
  if (unknown)
    throw new Error(
      `The comparison of OpenAPI documents does not know the keyword ${unknown}, found at ${path || 'the top'}. Teach it there.`,
    )
}
