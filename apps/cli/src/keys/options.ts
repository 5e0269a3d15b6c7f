import type { ParseArgsOptionsConfig } from 'node:util'
import { readArguments } from '../arguments.ts'
import { UsageError } from '../failure.ts'

/** The options and words of an action. @throws UsageError */
export function parse<T extends ParseArgsOptionsConfig>(args: string[], options: T, words = 0) {
  const { values, positionals } = readArguments(args, options, { allowPositionals: words > 0 })
  if (positionals.length === words) return { values, words: positionals }
  throw new UsageError('Say which key: its ID, as identity keys list shows it.')
}

const UNIT_MS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000 }
const SPAN = /^(\d{1,6})([dhm])$/
/** ISO 8601, in UTC unless it says otherwise. */
const TIME = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?)?$/

/** A time to come. @throws UsageError where it is none */
export function timeToCome(text: string, nowMs: number = Date.now()): Date {
  const [, count, unit] = SPAN.exec(text) ?? []
  const hasZone = /T.*(Z|[+-]\d{2}:\d{2})$/.test(text) || !text.includes('T')
  const atMs = unit
    ? nowMs + Number(count) * UNIT_MS[unit]!
    : TIME.test(text)
      ? Date.parse(hasZone ? text : `${text}Z`)
      : Number.NaN
  if (atMs > nowMs) return new Date(atMs)
  throw new UsageError(`--expires must be a time to come, such as 2030-01-31 or 90d; found ${JSON.stringify(text)}.`)
}
