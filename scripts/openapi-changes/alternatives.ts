import { type Document, resolve, type Schema } from './document.ts'

/** A schema with one type at most, and a constant instead of a list of them. */
export interface Alternative extends Schema {
  readonly type?: string
}

/** A schema as the list of what it admits: unions, lists of types and lists of constants taken apart. */
export function alternativesOf(document: Document, schema: Schema): Alternative[] {
  const { anyOf, oneOf, enum: constants, ...rest } = resolve(document, schema)
  const union = anyOf ?? oneOf
  if (union) return union.flatMap((option) => alternativesOf(document, { ...rest, ...resolve(document, option) }))
  if (constants) return constants.map((constant) => ({ type: jsonType(constant), const: constant }))
  if ('const' in rest) return [{ type: jsonType(rest.const), const: rest.const }]
  const { type } = rest
  if (typeof type === 'string' || type === undefined) return [rest as Alternative]
  return type.map((each) => ({ ...rest, type: each }))
}

/**
 * The alternatives by what to call them, so that those of two documents can be paired. Where there are several objects,
 * the constants in them tell which is which.
 */
export function byKind(alternatives: readonly Alternative[], nameOf: (each: Alternative) => string) {
  const kinds = new Map<string, Alternative>()
  for (const alternative of alternatives) {
    const name = nameOf(alternative)
    let kind = name
    for (let count = 2; kinds.has(kind); count++) kind = `${name} (${count})`
    kinds.set(kind, alternative)
  }
  return kinds
}

export function nameOf({ type, ...alternative }: Alternative): string {
  if ('const' in alternative) return JSON.stringify(alternative.const)
  if (type === undefined) return 'any value'
  if (type === 'null') return 'null'
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`
}

export function taggedNameOf(document: Document, alternative: Alternative): string {
  const tags = Object.entries(alternative.properties ?? {}).flatMap(([name, property]) => {
    const { const: tag } = resolve(document, property)
    return tag === undefined ? [] : `${name} ${JSON.stringify(tag)}`
  })
  return [nameOf(alternative), ...tags].join(' with ')
}

function jsonType(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return Number.isInteger(value) ? 'integer' : typeof value
}
