import type { PersonView } from '@identity/core'
import { describe, expect, it } from 'vitest'
import type { Call } from '../src/call.ts'
import { describeViolation } from '../src/timeline.ts'
import { findViolation } from '../src/violation.ts'

/** A call for each n, one after another, on a customer of its own: right in any company. */
function bystander(n: number): Call {
  const answer = { primaryContactId: 100 + n, emails: [`z${n}`], phoneNumbers: [], secondaryContactIds: [] }
  return { request: { email: `z${n}`, phoneNumber: null }, answer, startedAt: 10 * n, endedAt: 10 * n + 15 }
}

const first: Call = {
  request: { email: 'a', phoneNumber: '1' },
  answer: { primaryContactId: 1, emails: ['a'], phoneNumbers: ['1'], secondaryContactIds: [] },
  startedAt: 0,
  endedAt: 10,
  process: 'A',
}
const repeated: Call = { ...first, startedAt: 5, endedAt: 12, process: 'B' }
const stale: Call = {
  request: { email: 'b', phoneNumber: '1' },
  answer: { primaryContactId: 2, emails: ['b'], phoneNumbers: ['1'], secondaryContactIds: [] },
  startedAt: 20,
  endedAt: 40,
  process: 'A',
}
const later: Call = { ...stale, startedAt: 50, endedAt: 60 }

describe('a wrong history in a long one', () => {
  const history = [first, repeated, stale, later, ...Array.from({ length: 300 }, (_, n) => bystander(n))]

  it('is cut down to the calls that contradict each other', () => {
    expect(findViolation(history)).toEqual({
      reason: 'no order of these calls explains their answers',
      calls: [repeated, stale],
      leftOut: 302,
    })
  })

  it('is printed as a timeline', () => {
    expect(describeViolation(findViolation(history)!)).toBe(
      [
        'no order of these calls explains their answers:',
        '',
        '├───────┤                                B: a 1 → 1 [a] [1]',
        '                 ├─────────────────────┤ A: b 1 → 2 [b] [1]',
        '',
        '302 calls more change nothing.',
      ].join('\n'),
    )
  })
})

it('one id for persons who share nothing is found, though each of them is right', () => {
  const other = { ...bystander(1), answer: { ...(bystander(1).answer as PersonView), primaryContactId: 1 } }
  expect(findViolation([first, other])).toEqual({
    reason: 'contact 1 is of two persons',
    calls: [first, other],
    leftOut: 0,
  })
})

it('a right history of many components is right, however many there are', () => {
  expect(findViolation([first, repeated, ...Array.from({ length: 2_000 }, (_, n) => bystander(n))])).toBeNull()
})

it('a search among twelve overlapping calls of one person ends', () => {
  const emails = Array.from({ length: 12 }, (_, n) => `e${n}`)
  const calls = emails.map(
    (email, n): Call => ({
      request: { email, phoneNumber: '1' },
      // Every call shows those before it, but the last shows one too few.
      answer: {
        primaryContactId: 1,
        emails: emails.slice(0, n === 11 ? 10 : n + 1),
        phoneNumbers: ['1'],
        secondaryContactIds: emails.slice(1, n === 11 ? 10 : n + 1).map((_, k) => k + 2),
      },
      startedAt: 0,
      endedAt: 1,
    }),
  )
  expect(findViolation(calls)).not.toBeNull()
})
