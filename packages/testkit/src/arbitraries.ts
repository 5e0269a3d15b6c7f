import type { CanonicalRequest } from '@identity/core'
import fc from 'fast-check'

/** Requests over few values, so that they meet often; prefixed, so that tests on one database do not meet. */
export function requestArbitrary(prefix = '', values = 6): fc.Arbitrary<CanonicalRequest> {
  const number = fc.integer({ min: 1, max: values })
  const email = number.map((n) => `${prefix}e${n}@example.com`)
  const phoneNumber = number.map((n) => `${phoneDigits(prefix)}${n}`)
  return fc.oneof(
    { weight: 4, arbitrary: fc.record({ email, phoneNumber }) },
    { weight: 1, arbitrary: fc.record({ email, phoneNumber: fc.constant(null) }) },
    { weight: 1, arbitrary: fc.record({ email: fc.constant(null), phoneNumber }) },
  )
}

function phoneDigits(prefix: string): string {
  return [...prefix].map((character) => character.charCodeAt(0) % 10).join('')
}

/** Requests of which some carry the time of their order, all long ago and in no order. */
export function datedRequestArbitrary(): fc.Arbitrary<CanonicalRequest> {
  const createdAt = fc.option(
    fc.integer({ min: 1, max: 20 }).map((day) => new Date(Date.UTC(2020, 0, day))),
    { nil: undefined, freq: 3 },
  )
  return fc.tuple(requestArbitrary(), createdAt).map(([request, at]) => (at ? { ...request, createdAt: at } : request))
}
