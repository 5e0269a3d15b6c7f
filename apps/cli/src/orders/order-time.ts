import { show } from '@identity/core'

const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?\s?(Z|[+-]\d\d(?::?\d\d)?)?)?$/i

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
  const parts = ISO.exec(text)
  if (!parts) return wrong(input)
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '0', zone = 'Z'] = parts
  const ms = Number(fraction.slice(0, 3).padEnd(3, '0'))
  const [y, m, d, h, min, s] = [Number(year), Number(month), Number(day), Number(hour), Number(minute), Number(second)]
  // Date takes 30 February for 2 March, and year 23 for 1923.
  const isReal = y >= 100 && m >= 1 && m <= 12 && d >= 1 && d <= daysIn(y, m) && h < 24 && min < 60 && s < 60
  if (!isReal) return wrong(input)
  const timeMs = Date.UTC(y, m - 1, d, h, min, s, ms) - offsetMs(zone)
  return timeMs <= nowMs ? timeMs : { problem: `the order's time must not lie in the future; found ${show(input)}.` }
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}

function offsetMs(zone: string): number {
  if (zone === 'Z' || zone === 'z') return 0
  const [hours, minutes] = [zone.slice(1, 3), zone.slice(3).replace(':', '') || '0']
  return (zone.startsWith('-') ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000
}

function wrong(found: unknown): OrderTime {
  return { problem: `the order's time must be such as "2023-04-01T00:01:17Z"; found ${show(found)}.` }
}
