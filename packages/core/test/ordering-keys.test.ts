import { eventOf, orderingKeys, type RecordedEvent, WorkingSet } from '@identity/core'
import { datedRequestArbitrary, personsOf, replay } from '@identity/testkit'
import fc from 'fast-check'
import { expect, it } from 'vitest'

const AT = new Date('2024-01-01T00:00:00.000Z')

it('a merge is about both persons and all contacts that move; a rule and a separation about themselves', () => {
  const origin = { id: '1-0', at: AT.toISOString(), actor: null, requestId: null }
  const keysOf = (event: Partial<RecordedEvent>) => orderingKeys({ ...origin, ...event } as RecordedEvent)
  expect(
    keysOf({
      type: 'persons.merged',
      personId: 11,
      absorbed: [27],
      by: { email: 12, phone: null },
      contactId: null,
      moved: [{ contactId: 29, from: 27 }],
    }),
  ).toEqual([11, 27, 12, 29])
  expect(keysOf({ type: 'merge.refused', personId: 1, otherPersonId: 2, reason: 'separation', count: 1 })).toEqual([
    1, 2,
  ])
  expect(keysOf({ type: 'identifier.blocked', ruleId: 3 })).toEqual(['rule 3'])
  expect(keysOf({ type: 'contacts.separated', separationId: 3, contactIds: [4, 5] })).toEqual([4, 5, 'separation 3'])
  expect(
    keysOf({ type: 'person.split', personId: 1, newPersonId: 4, contactIds: [4], cause: 'split', separations: [3] }),
  ).toEqual([1, 4, 'separation 3'])
})

it('any order that keeps those with a common key in the order of the log leads to the same persons', () => {
  fc.assert(
    fc.property(
      fc.array(datedRequestArbitrary(), { maxLength: 40 }),
      fc.infiniteStream(fc.nat()),
      (requests, picks) => {
        const persons = new WorkingSet()
        let nextId = 1
        const stamp = { at: AT, newId: () => nextId++ }
        const waiting = requests
          .map((request) => eventOf(request, persons.reconcile(request, stamp)))
          .filter((e) => e !== null)
        const shuffled = []
        while (waiting.length > 0) {
          const free = waiting.filter((event, n) => {
            const keys = new Set(orderingKeys(event))
            return !waiting.slice(0, n).some((earlier) => orderingKeys(earlier).some((key) => keys.has(key)))
          })
          const next = free[picks.next().value % free.length]!
          waiting.splice(waiting.indexOf(next), 1)
          shuffled.push(next)
        }
        expect(replay(shuffled)).toEqual(personsOf(persons.contacts()))
      },
    ),
  )
})
