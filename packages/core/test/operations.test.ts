import {
  comeApart,
  deleteContact,
  IdentityError,
  identifiersOf,
  type PersonsMerged,
  type RecordedEvent,
  restoreContact,
  restoreEvents,
  split,
  splitEvents,
  undo,
} from '@identity/core'
import { datedRequestArbitrary, personsOf, replay } from '@identity/testkit'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { breachesOf, day, History } from './history.ts'

type Operation = (history: History) => void

const AT = day(99)

/** One of the contacts, by a number that may be any. */
function contactIn(history: History, n: number) {
  const contacts = history.persons.contacts().sort((a, b) => a.id - b.id)
  return contacts[n % contacts.length]!
}

const operations: Record<string, (n: number, m: number) => Operation> = {
  split: (n, m) => (history) => {
    const person = history.personOf(contactIn(history, n).id)
    const off = person.contacts.filter((_, index) => (m >> index) % 2 === 1).map(({ id }) => id)
    const division = split(person, history.bridges, off, { at: AT })
    history.apply(division)
    for (const event of splitEvents(person, division, 'split')) history.record(event)
  },
  undo: (n) => (history) => {
    const merges = history.merges()
    if (merges.length === 0) return
    const merge = merges[n % merges.length]!
    const person = history.personOf(merge.moved[0]!.contactId)
    const division = undo(person, history.bridges, merge, since(history, merge), AT)
    history.apply(division)
    for (const event of splitEvents(person, division, 'undo', { eventId: merge.id })) history.record(event)
    for (const { contactId, from } of merge.moved) {
      const { root } = history.personOf(contactId)
      expect(root.id).toBe(history.personOf(from).root.id)
      // A deleted root has its place again, unless a contact added since is older than all others.
      const isDeleted = history.persons.contacts().some(({ id, deletedAt }) => id === from && deletedAt !== null)
      if (isDeleted && merge.moved.some((moved) => moved.contactId === root.id)) expect(root.id).toBe(from)
    }
  },
  delete: (n) => (history) => {
    const { id } = contactIn(history, n)
    const person = history.personOf(id)
    const division = deleteContact(person, history.bridges, id, AT)
    history.apply(division)
    history.record({ type: 'contact.deleted', personId: person.root.id, contactId: id })
    for (const event of splitEvents(person, division, 'delete')) history.record(event)
  },
  restore: (n) => (history) => {
    const deleted = history.persons.contacts().filter(({ deletedAt }) => deletedAt !== null)
    if (deleted.length === 0) return
    const { id } = deleted[n % deleted.length]!
    const person = history.personOf(id)
    const { find, findByContact } = history.persons
    const context = { find, findByContact: findByContact.bind(history.persons), bridges: history.bridges }
    const restoration = restoreContact(person, id, context, AT)
    history.apply(restoration)
    for (const event of restoreEvents(person, id, restoration)) history.record(event)
  },
  block: (n) => (history) => {
    const [blocked] = identifiersOf(contactIn(history, n))
    for (const person of history.all()) {
      const isBlocked = ({ kind, value }: { kind: string; value: string }) =>
        kind === blocked?.kind && value === blocked.value
      const division = comeApart(person, history.bridges, isBlocked, AT)
      if (!division) continue
      history.apply(division)
      for (const event of splitEvents(person, division, 'block')) history.record(event)
    }
  },
}

function since(history: History, merge: RecordedEvent & PersonsMerged): RecordedEvent[] {
  return history.events.slice(history.events.findIndex(({ id }) => id === merge.id) + 1)
}

const operationArbitrary: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 3,
    arbitrary: datedRequestArbitrary().map((request) => (history: History) => void history.identify(request)),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(...Object.keys(operations)), fc.nat(), fc.nat())
      .map(([name, n, m]) =>
        Object.assign(operations[name]!(n, m), { [fc.toStringMethod]: () => `${name} ${n} ${m}` }),
      ),
  },
)

it('whatever is done in whatever order, links, ages, values and the log agree', () => {
  const first = fc.array(datedRequestArbitrary(), { minLength: 3, maxLength: 12 })
  const done = { well: 0, refused: 0 }
  fc.assert(
    fc.property(first, fc.array(operationArbitrary, { maxLength: 20 }), (requests, steps) => {
      const history = new History(requests)
      for (const step of steps) {
        try {
          step(history)
          done.well++
        } catch (error) {
          if (!(error instanceof IdentityError)) throw error
          done.refused++
        }
        expect(breachesOf(history)).toEqual([])
        expect(replay(history.events)).toEqual(personsOf(history.persons.contacts()))
      }
    }),
    { numRuns: 300 },
  )
  expect(done.well).toBeGreaterThan(done.refused)
})
