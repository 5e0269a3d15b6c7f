import {
  type Contact,
  comeApart,
  deleteContact,
  erase,
  type Identifier,
  type IdentityEvent,
  type Person,
  restoreContact,
  scrub,
  split,
  splitEvents,
  viewOf,
} from '@identity/core'
import { datedRequestArbitrary, HILL_VALLEY, personsOf, replay } from '@identity/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { areJoined, breachesOf, day, grouped, History, idsOf } from './history.ts'

const historyArbitrary = fc
  .array(datedRequestArbitrary(), { minLength: 1, maxLength: 30 })
  .map((requests) => new History(requests))
const AT = day(99)

function contextOf({ persons, bridges }: History) {
  return { find: persons.find, findByContact: (id: number) => persons.findByContact(id), bridges }
}

describe('contact.delete', () => {
  it('takes a contact out, and its person comes to what is still joined; restoring it takes all of that back', () => {
    fc.assert(
      fc.property(historyArbitrary, fc.nat(), (history, n) => {
        const before = history.all()
        const live = history.persons.contacts().sort((a, b) => a.id - b.id)
        const { id } = live[n % live.length]!
        const person = history.personOf(id)
        const division = deleteContact(person, history.bridges, id, AT)
        const left = person.contacts.filter((contact) => contact.id !== id)
        const parts = grouped(left, (a, b) => areJoined(a, b, history.bridges))
        const liveParts = division.persons.map(({ contacts }) => contacts.filter(({ deletedAt }) => deletedAt === null))
        expect(idsOf(liveParts.filter(({ length }) => length > 0))).toEqual(idsOf(parts))
        history.apply(division)
        expect(breachesOf(history)).toEqual([])
        expect(replay([...history.events, ...splitEvents(person, division, 'delete')])).toEqual(
          personsOf(history.persons.contacts()),
        )
        history.apply(restoreContact(history.personOf(id), id, contextOf(history), AT))
        expect(history.all().map(viewOf)).toEqual(before.map(viewOf))
        expect(idsOf(history.all())).toEqual(idsOf(before))
      }),
    )
  })

  it('says which values are free, and whom the rows of the others are to name', () => {
    const person = { root: HILL_VALLEY[0]!, contacts: HILL_VALLEY }
    const { persons, owners, freed } = deleteContact(person, [], 1, AT)
    expect(persons.map(viewOf)).toEqual([
      { primaryContactId: 23, emails: ['mcfly@hillvalley.edu'], phoneNumbers: ['123456'], secondaryContactIds: [] },
    ])
    expect(persons[0]!.root.id).toBe(1)
    expect(owners).toEqual([{ identifier: { kind: 'phone', value: '123456' }, contactId: 23 }])
    expect(freed).toEqual([{ kind: 'email', value: 'lorraine@hillvalley.edu' }])
    expect(() => deleteContact(persons[0]!, [], 1, AT)).toThrow('There is no contact 1, or it is deleted already.')
  })
})

describe('contact.restore', () => {
  /** Contact 1 was deleted, and its e-mail came with another order since. */
  function claimedSince() {
    const history = new History([], HILL_VALLEY)
    history.apply(deleteContact(history.personOf(1), [], 1, AT))
    history.identify({ email: 'lorraine@hillvalley.edu', phoneNumber: '77' })
    return history
  }

  it('joins whoever came to its values meanwhile (R3)', () => {
    const history = claimedSince()
    const result = restoreContact(history.personOf(1), 1, contextOf(history), AT)
    expect(viewOf(result.person)).toMatchObject({ primaryContactId: 1, secondaryContactIds: [23, 24] })
    expect(result.absorbed.map(({ root }) => root.id)).toEqual([24])
    expect(result.claimed).toEqual([])
  })

  it('is refused where a rule forbids that', () => {
    const history = claimedSince()
    const separations = [{ id: 3, contactIds: [23, 24] as const }]
    const rules = { separations, limits: { email: null, phone: null }, priority: 'email' } as const
    const ask = () => restoreContact(history.personOf(1), 1, { ...contextOf(history), rules }, AT)
    expect(ask).toThrow(
      'Contact 1 cannot be restored: it would join persons 1 and 24, which separation 3 forbids. Lift that first.',
    )
    expect(() => restoreContact(history.personOf(1), 23, contextOf(history), AT)).toThrow(
      'There is no deleted contact 23.',
    )
  })

  it('leaves the person whose row it has where only others share its values', () => {
    const [lorraine, marty] = HILL_VALLEY as [Contact, Contact]
    const history = new History(
      [],
      [
        { ...lorraine, deletedAt: AT },
        { ...marty, phoneReleased: true },
      ],
    )
    history.identify({ email: 'lorraine@hillvalley.edu', phoneNumber: '77' })
    const result = restoreContact(history.personOf(1), 1, contextOf(history), AT)
    history.apply(result)
    expect(breachesOf(history)).toEqual([])
    expect(idsOf(history.all())).toEqual([[1, 24], [23]]) // biome-ignore format: as pairs
    expect(result.claimed).toEqual([{ kind: 'phone', value: '123456' }])
    expect(result.division!.persons.map(({ root }) => root.id)).toEqual([23, 1])
  })
})

describe('a value that is blocked', () => {
  const isBlocked = ({ kind, value }: Identifier) => (kind === 'phone' ? value === '1' : value.startsWith('e2@'))

  it('no longer joins: the persons are the components without it', () => {
    fc.assert(
      fc.property(historyArbitrary, (history) => {
        const { bridges } = history
        const before = history.all()
        const events: IdentityEvent[] = [...history.events]
        for (const person of before) {
          const division = comeApart(person, bridges, isBlocked, AT)
          const has = person.contacts.some(({ email, phoneNumber }) => email?.startsWith('e2@') || phoneNumber === '1')
          expect(division !== null).toBe(has)
          if (!division) continue
          history.apply(division)
          events.push(...splitEvents(person, division, 'block'))
          expect(division.persons[0]!.root.id).toBe(person.root.id)
          expect(division.freed.filter((identifier) => !isBlocked(identifier))).toEqual([])
        }
        const bare = history.persons.contacts().map((contact) => ({
          ...contact,
          email: contact.email?.startsWith('e2@') ? null : contact.email,
          phoneNumber: contact.phoneNumber === '1' ? null : contact.phoneNumber,
        }))
        const byId = new Map(bare.map((contact) => [contact.id, contact]))
        const standing = bridges.filter(
          (bridge) => byId.get(bridge.emailContactId)!.email && byId.get(bridge.phoneContactId)!.phoneNumber,
        )
        expect(idsOf(history.all())).toEqual(idsOf(grouped(bare, (a, b) => areJoined(a, b, standing))))
        expect(history.bridges).toEqual(standing)
        expect(breachesOf(history)).toEqual([])
        expect(replay(events)).toEqual(personsOf(history.persons.contacts()))
      }),
    )
  })
})

describe('person.erase', () => {
  it('takes every contact and value, leaves ids, and spares what others have by now', () => {
    const history = new History([], HILL_VALLEY)
    history.apply(deleteContact(history.personOf(1), [], 1, AT))
    history.identify({ email: 'lorraine@hillvalley.edu', phoneNumber: '77' })
    const separations = [
      { id: 3, contactIds: [23, 24] as const },
      { id: 4, contactIds: [24, 25] as const },
    ]
    const bridges = [{ emailContactId: 1, phoneContactId: 23, at: AT }]
    expect(erase(history.personOf(1), bridges, separations, history.persons.find)).toEqual({
      contactIds: [1, 23],
      identifiers: [
        { kind: 'phone', value: '123456' },
        { kind: 'email', value: 'mcfly@hillvalley.edu' },
      ],
      bridges,
      separations: separations.slice(0, 1),
      event: { type: 'person.erased', personId: 1, contactIds: [1, 23] },
    })
  })

  it('takes released copies off the contacts of others, and contacts that have nothing else', () => {
    const [lorraine, marty] = HILL_VALLEY as [Contact, Contact]
    const [, other] = split({ root: lorraine, contacts: HILL_VALLEY }, [], [23], { at: AT }).persons as [Person, Person]
    const isErased = ({ value }: Identifier) => value === '123456'
    const scrubbed = scrub(other, isErased, AT)!
    expect(scrubbed.goneIds).toEqual([])
    expect(scrubbed.division!.persons[0]!.root).toMatchObject({ id: 23, phoneNumber: null, phoneReleased: false })
    const bare = { ...marty, email: null, phoneReleased: true, linkedId: null, linkPrecedence: 'primary' as const }
    expect(scrub({ root: bare, contacts: [bare] }, isErased, AT)).toEqual({ goneIds: [23], division: null })
    const child = {
      ...marty,
      id: 30,
      linkedId: 23,
      linkPrecedence: 'secondary' as const,
      email: 'doc@hillvalley.edu',
      phoneNumber: null,
    }
    const rest = scrub({ root: bare, contacts: [bare, child] }, isErased, AT)!
    expect(rest).toMatchObject({ goneIds: [23], division: { persons: [{ root: { id: 30, linkedId: null } }] } })
    expect(scrub({ root: lorraine, contacts: [lorraine] }, isErased, AT)).toBeNull()
  })
})
