import { eventOf, type IdentityEvent, WorkingSet } from '@identity/core'
import { datedRequestArbitrary, personsOf, replay, TWO_PRIMARIES } from '@identity/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const AT = new Date('2024-01-01T00:00:00.000Z')

const NAMES = new Set(['person.created', 'contact.added', 'persons.merged'])

function stamp(firstId: number) {
  let next = firstId
  return { at: AT, newId: () => next++ }
}

describe('the event of a request', () => {
  it('a merge: who survives, who is absorbed, which contacts carried what was sent, and where each came from', () => {
    const request = { email: 'george@hillvalley.edu', phoneNumber: '717171' }
    const event = eventOf(request, new WorkingSet(TWO_PRIMARIES).reconcile(request, stamp(28)))
    expect(event).toEqual({
      type: 'persons.merged',
      personId: 11,
      absorbed: [27],
      by: { email: 11, phone: 27 },
      contactId: null,
      moved: [{ contactId: 27, from: 27 }],
    })
  })

  it('an order older than all of its person: the person has another name from then on', () => {
    const persons = new WorkingSet(TWO_PRIMARIES)
    const request = { email: 'george@hillvalley.edu', phoneNumber: '5', createdAt: new Date(0) }
    const event = eventOf(request, persons.reconcile(request, stamp(28)))
    expect(event).toEqual({ type: 'contact.added', personId: 28, contactId: 28, formerPersonId: 11 })
    expect(eventOf(request, persons.reconcile(request, stamp(29)))).toBeNull()
  })

  it('any requests: the events alone lead to the persons, and hold nothing but ids and names of what happened', () => {
    fc.assert(
      fc.property(fc.array(datedRequestArbitrary(), { maxLength: 40 }), (requests) => {
        const persons = new WorkingSet()
        const shared = stamp(1)
        const events: IdentityEvent[] = []
        for (const request of requests) {
          const event = eventOf(request, persons.reconcile(request, shared))
          if (event) events.push(event)
        }
        expect(replay(events)).toEqual(personsOf(persons.contacts()))
        for (const event of events) {
          if (event.type !== 'persons.merged') continue
          const carrier = (id: number | null) => persons.contacts().find((contact) => contact.id === id)
          expect(requests).toContainEqual(
            expect.objectContaining({
              email: carrier(event.by.email)!.email,
              phoneNumber: carrier(event.by.phone)!.phoneNumber,
            }),
          )
        }
        const texts = new Set(
          events.flatMap((event) => Object.values(event).filter((value) => typeof value === 'string')),
        )
        expect([...texts].filter((text) => !NAMES.has(text))).toEqual([])
      }),
    )
  })
})
