import { describe, expect, it } from 'vitest'
import { HOT_CONTACTS, requestStream } from '../src/request-stream.ts'
import { expectedContacts, WORKLOADS, type WorkloadName } from '../src/workloads.ts'

const COUNT = 100_000

interface Request {
  email: string
  phoneNumber: string
}

function requestsOf(workload: WorkloadName, run = 7): Request[] {
  const next = requestStream({ shares: WORKLOADS[workload], customers: 1_000, lag: 100, run })
  return Array.from({ length: COUNT }, () => JSON.parse(next()) as Request)
}

function countBy(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return counts
}

const isKnown = ({ email }: Request) => email.startsWith('c1000-')

describe('the stream of a run', () => {
  it('is the same for all contestants', () => {
    expect(requestsOf('mix')).toEqual(requestsOf('mix'))
  })

  it('shares no newcomer with another run', () => {
    const emailsOf = (run: number) =>
      new Set(
        requestsOf('mix', run)
          .filter((request) => !isKnown(request))
          .map(({ email }) => email),
      )
    const others = emailsOf(2)
    expect([...emailsOf(1)].filter((email) => others.has(email))).toEqual([])
  })

  it.each(['mix', 'merges'] as const)(
    'of %s asks about a newcomer once more at the most: persons stay small',
    (workload) => {
      const requests = requestsOf(workload).filter((request) => !isKnown(request))
      expect(Math.max(...countBy(requests.map(({ email }) => email)).values())).toBe(2)
      expect(Math.max(...countBy(requests.map(({ phoneNumber }) => phoneNumber)).values())).toBe(2)
    },
  )

  it.each(['mix', 'merges', 'newcomers', 'repeats', 'hot'] as const)(
    'of %s adds as many contacts as it says, from first to last',
    (workload) => {
      const seen = new Set<string>()
      // A contact is added where a value of a newcomer comes for the first time.
      const adds = requestsOf(workload).map((request) => {
        if (isKnown(request) || workload === 'hot') return 0
        const isNew = !seen.has(request.email) || !seen.has(request.phoneNumber)
        seen.add(request.email).add(request.phoneNumber)
        return isNew ? 1 : 0
      })
      for (const part of [adds.slice(0, COUNT / 10), adds.slice(-COUNT / 10)]) {
        const added = part.reduce<number>((sum, add) => sum + add, 0)
        expect(Math.abs(added - expectedContacts(workload, part.length))).toBeLessThanOrEqual(part.length * 0.02)
      }
    },
  )

  it('of the hot person has one phone number and all its e-mails', () => {
    const requests = requestsOf('hot')
    expect(countBy(requests.map(({ phoneNumber }) => phoneNumber)).size).toBe(1)
    expect(countBy(requests.map(({ email }) => email)).size).toBe(HOT_CONTACTS)
  })
})
