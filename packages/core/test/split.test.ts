import {
  type Contact,
  deleteContact,
  type Person,
  restoreContact,
  type Split,
  split,
  splitEvents,
  undo,
  viewOf,
} from '@identity/core'
import { datedRequestArbitrary, HILL_VALLEY, personsOf, replay, requestArbitrary } from '@identity/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { areJoined, breachesOf, day, grouped, History, idsOf } from './history.ts'

const requestsArbitrary = fc.array(datedRequestArbitrary(), { minLength: 2, maxLength: 30 })
const AT = day(99)

/** Splits a person of the history as the function says, where that can be done. */
function splitSome(
  requests: Parameters<typeof History.prototype.identify>[0][],
  isOff: (id: number) => boolean,
  keepApart = false,
) {
  const history = new History(requests)
  const person = history.all().toSorted((a, b) => b.contacts.length - a.contacts.length)[0]!
  const off = person.contacts.filter(({ id }) => isOff(id)).map(({ id }) => id)
  fc.pre(off.length > 0 && off.length < person.contacts.length)
  let result: Split
  try {
    result = split(person, history.bridges, off, { at: AT, keepApart })
  } catch (error) {
    // Nothing that links a side: told below with an example.
    fc.pre(!String(error).includes('would be left with no value'))
    throw error
  }
  history.apply(result)
  return { history, person, off, result }
}

describe('split', () => {
  it('makes two persons of the contacts named and the others; who carried a value first keeps it', () => {
    fc.assert(
      fc.property(requestsArbitrary, fc.func(fc.boolean()), (requests, isOff) => {
        const { history, person, off, result } = splitSome(requests, isOff)
        const rest = person.contacts.map(({ id }) => id).filter((id) => !off.includes(id))
        expect(idsOf(result.persons)).toEqual(
          idsOf([rest, off].map((ids) => person.contacts.filter(({ id }) => ids.includes(id)))),
        )
        expect(breachesOf(history)).toEqual([])
        for (const contact of result.persons.flatMap(({ contacts }) => contacts)) {
          const before = person.contacts.find(({ id }) => id === contact.id)!
          const { email, phoneNumber, createdAt } = before
          expect(contact).toMatchObject({ email, phoneNumber, createdAt })
          const isTheirs = off.includes(contact.id)
          const firstOf = (field: 'email' | 'phoneNumber') =>
            person.contacts.find((other) => other[field] === contact[field])!.id
          expect(contact.emailReleased ?? false).toBe(email !== null && off.includes(firstOf('email')) !== isTheirs)
          expect(contact.phoneReleased ?? false).toBe(
            phoneNumber !== null && off.includes(firstOf('phoneNumber')) !== isTheirs,
          )
        }
        expect(replay([...history.events, ...splitEvents(person, result, 'split')])).toEqual(
          personsOf(history.persons.contacts()),
        )
      }),
    )
  })

  it('followed by a request that has a value of each, gives the same person', () => {
    fc.assert(
      fc.property(requestsArbitrary, fc.func(fc.boolean()), (requests, isOff) => {
        const { history, person, result } = splitSome(requests, isOff)
        const [one, other] = result.persons.map(viewOf)
        const pair = [
          [one!.emails[0], other!.phoneNumbers[0]],
          [other!.emails[0], one!.phoneNumbers[0]],
        ].find((values) => values.every((value) => value !== undefined))
        fc.pre(pair !== undefined)
        const again = history.identify({ email: pair[0]!, phoneNumber: pair[1]! })
        expect(again.outcome).toBe('merged')
        expect(viewOf(again.person)).toEqual(viewOf(person))
        expect(again.person.root.id).toBe(person.root.id)
      }),
    )
  })

  it('keeps the two apart, whatever is asked later', () => {
    const later = fc.array(requestArbitrary(), { maxLength: 30 })
    fc.assert(
      fc.property(requestsArbitrary, fc.func(fc.boolean()), later, (requests, isOff, more) => {
        const { history, person, off, result } = splitSome(requests, isOff, true)
        const separations = [{ id: 1, contactIds: result.separation! }]
        const rules = { separations, limits: { email: null, phone: null }, priority: 'email' } as const
        for (const request of more) history.identify(request, rules)
        const roots = (ids: number[]) => new Set(ids.map((id) => history.personOf(id).root.id))
        const rest = person.contacts.map(({ id }) => id).filter((id) => !off.includes(id))
        expect([...roots(off)].filter((id) => roots(rest).has(id))).toEqual([])
      }),
    )
  })

  const [lorraine, marty] = HILL_VALLEY as [Contact, Contact]
  const person: Person = { root: lorraine, contacts: HILL_VALLEY }

  it('the documented example: the shared phone number stays with contact 1', () => {
    const { persons, owners, separation } = split(person, [], [23], { at: AT })
    expect(persons.map(viewOf)).toEqual([
      { primaryContactId: 1, emails: ['lorraine@hillvalley.edu'], phoneNumbers: ['123456'], secondaryContactIds: [] },
      { primaryContactId: 23, emails: ['mcfly@hillvalley.edu'], phoneNumbers: [], secondaryContactIds: [] },
    ])
    expect(persons[1]!.root).toEqual({
      ...marty,
      linkedId: null,
      linkPrecedence: 'primary',
      phoneReleased: true,
      updatedAt: AT,
    })
    expect(owners).toEqual([{ identifier: { kind: 'phone', value: '123456' }, contactId: 1 }])
    expect(separation).toEqual([1, 23])
  })

  it('where the root is split off, it keeps its name, and the others get one', () => {
    const { persons } = split(person, [], [1], { at: AT })
    expect(persons.map(({ root }) => root.id)).toEqual([23, 1])
    expect(splitEvents(person, split(person, [], [1], { at: AT }), 'split', { separationIds: [4] })).toEqual([
      { type: 'person.split', personId: 1, newPersonId: 23, contactIds: [23], cause: 'split', separations: [4] },
    ])
  })

  it('deleted contacts go with whom they share a value, a deleted root stays', () => {
    const doc = { ...marty, id: 30, email: 'doc@hillvalley.edu', phoneNumber: '88' }
    const gone = { ...doc, id: 31, email: null, deletedAt: day(1) }
    const contacts = [{ ...lorraine, deletedAt: day(1) }, marty, doc, gone]
    const { persons } = split({ root: contacts[0]!, contacts }, [], [30], { at: AT })
    expect(idsOf(persons)).toEqual([[1, 23], [30, 31]]) // biome-ignore format: as pairs
    expect(persons.map(({ root }) => root.id)).toEqual([1, 30])
  })

  it.each([
    [[], 'invalid_request', 'contactIds is empty; name the contacts to split off.'],
    [[23, 7], 'not_found', 'Contact 7 is not of the person of contact 1. Name contacts of one person.'],
    [[1, 23, 40], 'conflict', 'These are all contacts of the person, so that nothing remains. Leave some out.'],
    [
      [40],
      'conflict',
      'Contact 40 would be left with no value that links it, as contacts 1 and 23 carried them first. Put these on the same side.',
    ],
  ])('refuses contacts %j', (contactIds, code, message) => {
    const contacts = [lorraine, marty, { ...marty, id: 40 }]
    const ask = () => split({ root: lorraine, contacts }, [], contactIds, { at: AT })
    expect(ask).toThrow(expect.objectContaining({ code, message }))
  })
})

describe('undo', () => {
  it('gives the persons exactly as before the merge, and merging again the same person; or says what is in the way', () => {
    const tally = { undone: 0, refused: 0 }
    fc.assert(
      fc.property(requestsArbitrary, fc.nat(), (requests, n) => {
        const history = new History(requests)
        const merges = history.merges()
        fc.pre(merges.length > 0)
        const merge = merges[n % merges.length]!
        const mergeIndex = Math.round((Date.parse(merge.at) - day(1).getTime()) / 86_400_000)
        const before = new History(requests.slice(0, mergeIndex))
        const person = history.personOf(merge.moved[0]!.contactId)
        const later = history.events.slice(history.events.findIndex(({ id }) => id === merge.id) + 1)
        const expected = groupsWithout(history, new Date(merge.at), person)
        const isMergedLater = later.some(
          (event) =>
            event.type === 'persons.merged' &&
            event.moved.some(({ contactId }) => person.contacts.some(({ id }) => id === contactId)),
        )
        const ask = () => undo(person, history.bridges, merge, later, AT)
        if (isMergedLater || expected.length === 1) {
          tally.refused++
          expect(ask).toThrow(expect.objectContaining({ code: 'conflict' }))
          return
        }
        tally.undone++
        const view = viewOf(person)
        const division = ask()
        expect(idsOf(division.persons)).toEqual(idsOf(expected))
        history.apply(division)
        expect(breachesOf(history)).toEqual([])
        expect(history.bridges.some(({ at }) => at.toISOString() === merge.at)).toBe(false)
        for (const contact of before.persons
          .contacts()
          .filter(({ id }) => person.contacts.some((now) => now.id === id))) {
          const { updatedAt: _, ...now } = history.persons.contacts().find(({ id }) => id === contact.id)!
          const root = history.personOf(contact.id).root
          // A contact added since may be older than all others.
          if (before.persons.contacts().some(({ id }) => id === root.id))
            expect({ ...now, updatedAt: contact.updatedAt }).toEqual(contact)
        }
        const again = history.identify(requests[mergeIndex]!)
        expect(viewOf(again.person)).toEqual(view)
      }),
      { numRuns: 300 },
    )
    expect(Math.min(tally.undone, tally.refused)).toBeGreaterThan(20)
  })

  const order = (email: string, phoneNumber: string) => ({ email: `${email}@hillvalley.edu`, phoneNumber })

  /** Undoes the merge of this number, if that can be done. */
  function undoMerge(history: History, n: number) {
    const merge = history.merges()[n]!
    const person = history.personOf(merge.moved[0]!.contactId)
    const later = history.events.slice(history.events.findIndex(({ id }) => id === merge.id) + 1)
    const division = undo(person, history.bridges, merge, later, AT)
    history.apply(division)
    for (const event of splitEvents(person, division, 'undo', { eventId: merge.id })) history.record(event)
  }

  it('asks for later merges to be undone first, and then undoes', () => {
    const persons = [order('george', '1'), order('biff', '2'), order('doc', '3')]
    const history = new History([...persons, order('george', '2'), order('george', '3')])
    expect(() => undoMerge(history, 0)).toThrow(
      'Event 4 cannot be undone. Event 5 joined another person to it; undo that first. To part them all the same, split off contact 2.',
    )
    undoMerge(history, 1)
    undoMerge(history, 0)
    expect(idsOf(history.all())).toEqual([[1], [2], [3]])
    expect(() => undoMerge(history, 0)).toThrow('It has been undone already.')
  })

  it('says nothing of whoever the survivor is no part of any more', () => {
    const history = new History([order('george', '1'), order('biff', '2'), order('george', '2')])
    // Older than all others, it gives the person its name.
    history.identify({ ...order('doc', '2'), createdAt: day(0) })
    const splitOff = (contactId: number) => {
      const person = history.personOf(contactId)
      const division = split(person, history.bridges, [contactId], { at: AT })
      history.apply(division)
      for (const event of splitEvents(person, division, 'split')) history.record(event)
    }
    splitOff(1)
    splitOff(2)
    expect(history.events.map(({ type }) => type).slice(-2)).toEqual(['person.split', 'person.split'])
    expect(() => undoMerge(history, 0)).toThrow(/^Event 3 cannot be undone. Event 5 split it. To part them/)
  })

  it('gives a deleted root its place back', () => {
    const history = new History([order('george', '1'), order('biff', '2'), order('tannen', '2')])
    history.apply(deleteContact(history.personOf(2), [], 2, AT))
    history.identify(order('george', '2'))
    undoMerge(history, 0)
    expect(history.all().map(({ root, contacts }) => [root.id, contacts.length])).toEqual([
      [1, 1],
      [2, 2],
    ])
  })

  it('names the contacts added since that join the two, which takes one that was deleted meanwhile', () => {
    const history = new History([order('george', '1'), order('biff', '2'), order('george', '2'), order('george', '9')])
    history.apply(deleteContact(history.personOf(3), history.bridges, 3, AT))
    history.identify(order('biff', '9'))
    const { find, findByContact } = history.persons
    const context = { find, findByContact: findByContact.bind(history.persons), bridges: history.bridges }
    history.apply(restoreContact(history.personOf(3), 3, context, AT))
    expect(() => undoMerge(history, 0)).toThrow(
      'Event 3 cannot be undone. Contacts 3 and 4, added since, joined the two by values of both sides. To part them all the same, split off contact 2.',
    )
  })
})

/** An oracle: what the person's contacts come to without the bridge of that merge. */
function groupsWithout(history: History, at: Date, person: Person): Contact[][] {
  const bridges = history.bridges.filter((bridge) => bridge.at.getTime() !== at.getTime())
  return grouped(person.contacts, (a, b) => areJoined(a, b, bridges))
}
