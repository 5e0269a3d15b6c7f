import { show } from '@identity/core'

const ISO = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?\s?(?:Z|[+-]\d\d(?::?\d\d)?)?)?$/i
const ZONE = /([+-])(\d\d):?(\d\d)?$/
/** Where what may be missing begins. */
const TIME_AT = 10
const SECOND_AT = 16
const FRACTION_AT = 19

/** When an order was placed, in milliseconds since 1970; NaN where it does not say; or what is wrong with its time. */
type OrderTime = number | { readonly problem: string }

/**
 * Reads a time of ISO 8601. Without a zone it is of UTC: the machine that imports must not matter. A time to come is
 * refused: what the service takes until then would be older than this order's contact, and yet not the primary.
 */
export function readOrderTime(input: unknown, nowMs = Date.now()): OrderTime {
  if (input === undefined || input === null) return Number.NaN
  if (typeof input !== 'string') return wrong(input)
  const text = input.trim()
  if (text === '') return Number.NaN
  if (!ISO.test(text)) return wrong(input)
  // By place: the texts that an expression would take out of each of a million times are most of its cost.
  const [y, m, d] = [digitsAt(text, 0, 4), digitsAt(text, 5, 2), digitsAt(text, 8, 2)]
  const hasTime = text.length > TIME_AT
  const [h, min] = hasTime ? [digitsAt(text, TIME_AT + 1, 2), digitsAt(text, TIME_AT + 4, 2)] : [0, 0]
  const s = text[SECOND_AT] === ':' ? digitsAt(text, SECOND_AT + 1, 2) : 0
  const ms = text[FRACTION_AT] === '.' ? millisecondsAt(text, FRACTION_AT + 1) : 0
  // Date takes 30 February for 2 March, and year 23 for 1923.
  const isReal = y >= 100 && m >= 1 && m <= 12 && d >= 1 && d <= daysIn(y, m) && h < 24 && min < 60 && s < 60
  if (!isReal) return wrong(input)
  const timeMs = Date.UTC(y, m - 1, d, h, min, s, ms) - (hasTime ? offsetMs(text) : 0)
  return timeMs <= nowMs ? timeMs : { problem: `the order's time must not lie in the future; found ${show(input)}.` }
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}

function digitsAt(text: string, start: number, count: number): number {
  let value = 0
  for (let at = start; at < start + count; at++) value = value * 10 + digitAt(text, at)
  return value
}

/** Of a fraction of any length: what is beyond the third digit is cut off. */
function millisecondsAt(text: string, start: number): number {
  let length = 0
  while (length < 3 && digitAt(text, start + length) >= 0) length++
  return digitsAt(text, start, length) * 10 ** (3 - length)
}

/** -1 for what is none. */
function digitAt(text: string, at: number): number {
  const digit = text.charCodeAt(at) - '0'.charCodeAt(0)
  return digit >= 0 && digit <= 9 ? digit : -1
}

function offsetMs(text: string): number {
  if (text.endsWith('Z') || text.endsWith('z')) return 0
  const [, sign, hours, minutes = '0'] = ZONE.exec(text) ?? []
  return sign === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000
}

function wrong(found: unknown): OrderTime {
  return { problem: `the order's time must be such as "2023-04-01T00:01:17Z"; found ${show(found)}.` }
}
