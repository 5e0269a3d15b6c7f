import type { Alternative } from './alternatives.ts'
import type { Difference } from './schema.ts'

const LOWER = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems']
const UPPER = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems']
const EXACT = ['pattern', 'format', 'multipleOf', 'uniqueItems']

/** The keywords that this file compares. */
export const LIMITS = [...LOWER, ...UPPER, ...EXACT]

const KEYWORDS: Readonly<Record<string, RegExp>> = {
  string: /Length$|^pattern$|^format$/,
  number: /imum$|^multipleOf$/,
  integer: /imum$|^multipleOf$/,
  array: /Items$/,
}

/** Limits of one type of value: what became stricter is narrower, what was dropped or relaxed is wider. */
export function* limitDifferences(before: Alternative, after: Alternative, path: string): Generator<Difference> {
  const [old, now] = [inclusive(before), inclusive(after)]
  for (const keyword of LIMITS) {
    if (!KEYWORDS[after.type ?? '']?.test(keyword) || old[keyword] === now[keyword]) continue
    const effect = effectOf(keyword, old[keyword], now[keyword])
    yield { effect, path, what: `${keyword} is ${show(now[keyword])}; it was ${show(old[keyword])}` }
  }
}

function effectOf(keyword: string, before: unknown, after: unknown): Difference['effect'] {
  if (before === undefined) return 'narrower'
  if (after === undefined) return 'wider'
  if (EXACT.includes(keyword)) return 'incompatible'
  const hasRisen = Number(after) > Number(before)
  return hasRisen === LOWER.includes(keyword) ? 'narrower' : 'wider'
}

/** For whole numbers, more than 0 and at least 1 are the same. */
function inclusive(schema: Alternative): Alternative {
  const { exclusiveMinimum: above, exclusiveMaximum: below, ...rest } = schema
  if (schema.type !== 'integer') return schema
  return {
    ...rest,
    ...(typeof above === 'number' && { minimum: above + 1 }),
    ...(typeof below === 'number' && { maximum: below - 1 }),
  }
}

function show(limit: unknown): string {
  return limit === undefined ? 'none' : String(limit)
}
