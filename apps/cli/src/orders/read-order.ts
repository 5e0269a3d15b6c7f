import { type CanonicalRequest, canonicalRequest, IdentityError, type PhoneRegion } from '@identity/core'
import { readOrderTime } from './order-time.ts'
import type { Row } from './row.ts'

/** An order that can be taken, with its time in milliseconds since 1970 (NaN: none). */
interface ReadOrder {
  readonly request: CanonicalRequest
  readonly timeMs: number
}

/** A row that is left out. */
export interface Refusal {
  readonly line: number
  readonly orderId: string | null
  readonly reason: string
}

/** A row as an order in canonical form, or why it is refused. */
export function readOrder(row: Row, defaultRegion: PhoneRegion | undefined): ReadOrder | Refusal {
  if ('problem' in row) return { line: row.line, orderId: null, reason: row.problem }
  const time = readOrderTime(row.time)
  if (typeof time !== 'number') return refusal(row, time.problem)
  try {
    const request = canonicalRequest(
      { email: row.email as string, phoneNumber: row.phone as string },
      { defaultRegion },
    )
    return { request, timeMs: time }
  } catch (error) {
    if (!(error instanceof IdentityError)) throw error
    return refusal(row, error.message)
  }
}

function refusal(row: { line: number; id: unknown }, reason: string): Refusal {
  const orderId = row.id === undefined || row.id === null || row.id === '' ? null : String(row.id)
  return { line: row.line, orderId, reason }
}
