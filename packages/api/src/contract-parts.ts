import { show } from '@identity/core'
import { z } from 'zod'

/** How the contract says that a field holds something else. */
export const expected =
  (what: string) =>
  ({ input, keys }: { input?: unknown; keys?: readonly string[] }) =>
    `must be ${what}; found ${keys ? `what it does not know: ${keys.map(show).join(', ')}` : show(input)}.`

export const positiveWholeNumber = { error: expected('a positive whole number') }

export const contactId = z.int(positiveWholeNumber).positive(positiveWholeNumber)

/** More would not all be exact as a number. */
const tooLong = expected('a positive whole number of up to 15 digits')

/** An id as an address carries it. */
export const idText = z
  .string()
  .regex(/^(?![0-9]{16})/, { error: tooLong, abort: true })
  .regex(/^[0-9]+$/, positiveWholeNumber)
  .transform(Number)
  .pipe(contactId)

/** How many a list is to have at the most: in JSON, and as an address carries it. */
export function limitUpTo(max: number) {
  const error = { error: expected(`a whole number from 1 to ${max}`) }
  const limit = z.int(error).min(1, error).max(max, error)
  const limitText = z
    .string()
    .regex(/^[0-9]{1,9}$/, error)
    .transform(Number)
    .pipe(limit)
  return { limit, limitText }
}
