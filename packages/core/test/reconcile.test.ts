import { components, Oracle } from '@identity/checker'
import { type Contact, MemoryStore, reconcile, viewOf, WorkingSet } from '@identity/core'
import { datedRequestArbitrary, HILL_VALLEY, requestArbitrary, TWO_PRIMARIES } from '@identity/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const AT = new Date('2024-01-01T00:00:00.000Z')

function stamp(firstId: number) {
  let next = firstId
  return { at: AT, newId: () => next++ }
}

const mcfly = { email: 'mcfly@hillvalley.edu', phoneNumber: '123456' }

describe('the documented examples', () => {
  it('a known customer: nothing changes', () => {
    const result = reconcile(new WorkingSet(HILL_VALLEY).find, mcfly, stamp(24))
    expect(result).toMatchObject({ outcome: 'existing', added: null, changed: [], claimed: [] })
  })

  it('ids 11 and 27 become one: 27 keeps its createdAt, both updatedAt move', () => {
    const request = { email: 'george@hillvalley.edu', phoneNumber: '717171' }
    const { outcome, changed, added } = reconcile(new WorkingSet(TWO_PRIMARIES).find, request, stamp(28))
    expect({ outcome, added }).toEqual({ outcome: 'merged', added: null })
    expect(changed).toEqual([
      { ...TWO_PRIMARIES[0], updatedAt: AT },
      { ...TWO_PRIMARIES[1], linkedId: 11, linkPrecedence: 'secondary', updatedAt: AT },
    ])
  })
})

it('changes nothing in place', () => {
  const rows = TWO_PRIMARIES.map((row) => Object.freeze({ ...row }))
  const before = structuredClone(rows)
  reconcile(new WorkingSet(rows).find, { email: 'george@hillvalley.edu', phoneNumber: '717171' }, stamp(28))
  expect(rows).toEqual(before)
})

describe('deleted contacts neither match nor show (R6)', () => {
  const [lorraine, marty] = HILL_VALLEY as [Contact, Contact]

  it('a deleted secondary', async () => {
    const store = new MemoryStore({ contacts: { 1: [lorraine, { ...marty, deletedAt: AT }] } })
    const [result] = await store.identify(1, [{ email: lorraine.email, phoneNumber: null }])
    expect(result!.person).toMatchObject({ emails: [lorraine.email], secondaryContactIds: [] })
    expect(await store.find(1, { identifier: { kind: 'email', value: marty.email! } })).toBeNull()
    expect(await store.find(1, { contactId: marty.id })).toBeNull()
  })

  it('a deleted primary: the oldest that is left names the person', async () => {
    const store = new MemoryStore({ contacts: { 1: [{ ...lorraine, deletedAt: AT }, marty] } })
    const [result] = await store.identify(1, [{ email: marty.email, phoneNumber: null }])
    expect(result!.person).toEqual({
      primaryContactId: 23,
      emails: [marty.email],
      phoneNumbers: ['123456'],
      secondaryContactIds: [],
    })
  })

  it('a person of deleted contacts only: its values are free again', async () => {
    const store = new MemoryStore({ contacts: { 1: [{ ...lorraine, deletedAt: AT }] } })
    const [result] = await store.identify(1, [{ email: lorraine.email, phoneNumber: null }])
    expect(result).toMatchObject({ outcome: 'created', person: { primaryContactId: 2 } })
  })
})

describe('shapes', () => {
  it('a long chain, each order sharing one value with the last: everyone points straight at the oldest', async () => {
    const store = new MemoryStore()
    for (let n = 0; n < 50; n++) {
      await store.identify(1, [{ email: `e${n >> 1}@example.com`, phoneNumber: String((n + 1) >> 1) }])
    }
    const contacts = store.contacts(1)
    expect(contacts.slice(1).every((contact) => contact.linkedId === 1)).toBe(true)
  })

  it('a chain built from its ends inwards', async () => {
    const store = new MemoryStore()
    for (const n of [0, 4, 8, 12]) await store.identify(1, [{ email: `e${n}@example.com`, phoneNumber: String(n) }])
    await store.identify(1, [{ email: 'e8@example.com', phoneNumber: '12' }])
    await store.identify(1, [{ email: 'e0@example.com', phoneNumber: '4' }])
    const [result] = await store.identify(1, [{ email: 'e4@example.com', phoneNumber: '8' }])
    expect(result!.person).toMatchObject({ primaryContactId: 1, secondaryContactIds: [2, 3, 4] })
    expect(store.contacts(1).map((contact) => contact.linkedId)).toEqual([null, 1, 1, 1])
  })

  it('two persons with fifty contacts each', async () => {
    const store = new MemoryStore()
    const emails = (side: string) => Array.from({ length: 50 }, (_, n) => `${side}${n}@example.com`)
    for (let n = 0; n < 50; n++) {
      await store.identify(1, [{ email: emails('a')[n]!, phoneNumber: '1' }])
      await store.identify(1, [{ email: emails('b')[n]!, phoneNumber: '2' }])
    }
    const [result] = await store.identify(1, [{ email: 'a0@example.com', phoneNumber: '2' }])
    expect(result).toMatchObject({ outcome: 'merged', person: { primaryContactId: 1, phoneNumbers: ['1', '2'] } })
    expect(result!.person.emails).toHaveLength(100)
    expect(result!.person.secondaryContactIds).toEqual(Array.from({ length: 99 }, (_, n) => n + 2))
    expect(
      store
        .contacts(1)
        .slice(1)
        .every((contact) => contact.linkedId === 1),
    ).toBe(true)
  })
})

describe('orders that carry their own time', () => {
  const [lorraine, marty] = HILL_VALLEY as [Contact, Contact]
  const earlier = new Date('2019-05-05T00:00:00.000Z')
  const between = new Date('2023-04-10T00:00:00.000Z')
  const request = { email: 'old@hillvalley.edu', phoneNumber: '123456' }

  it('a new contact that is older than the primary becomes it: all others point straight at it', () => {
    const persons = new WorkingSet(HILL_VALLEY)
    const { outcome, person, added, changed } = persons.reconcile({ ...request, createdAt: earlier }, stamp(24))
    expect({ outcome, root: person.root }).toEqual({ outcome: 'linked', root: added })
    expect(added).toMatchObject({ id: 24, linkedId: null, createdAt: earlier, updatedAt: AT })
    const moved = { linkedId: 24, linkPrecedence: 'secondary', updatedAt: AT }
    expect(changed).toEqual(HILL_VALLEY.map((contact) => ({ ...contact, ...moved })))
    expect(persons.findByContact(23)).toBe(person)
  })

  it('one that is younger than the primary is a secondary in its place', async () => {
    const store = new MemoryStore({ contacts: { 1: HILL_VALLEY } })
    const [result] = await store.identify(1, [{ ...request, createdAt: between }])
    expect(result!.person).toMatchObject({ primaryContactId: 1, secondaryContactIds: [24, 23] })
  })

  it('of the same moment as the primary, it comes second', () => {
    const same = { ...request, createdAt: lorraine.createdAt }
    expect(reconcile(new WorkingSet(HILL_VALLEY).find, same, stamp(24)).changed).toEqual([])
  })

  it('an older order that tells nothing new adds nothing (R4)', () => {
    const repeated = { email: marty.email, phoneNumber: marty.phoneNumber, createdAt: earlier }
    expect(reconcile(new WorkingSet(HILL_VALLEY).find, repeated, stamp(24))).toMatchObject({ outcome: 'existing' })
  })

  it('where the root is deleted, nothing moves, and the oldest that is left names the person (R6)', () => {
    const persons = new WorkingSet([{ ...lorraine, deletedAt: AT }, marty])
    const { person, added, changed } = persons.reconcile({ ...request, createdAt: earlier }, stamp(24))
    expect({ linkedId: added!.linkedId, changed }).toEqual({ linkedId: 1, changed: [] })
    expect(viewOf(person)).toMatchObject({ primaryContactId: 24, secondaryContactIds: [23] })
  })

  it('a deleted secondary moves with its person', () => {
    const persons = new WorkingSet([lorraine, { ...marty, deletedAt: AT }])
    const { changed } = persons.reconcile({ ...request, createdAt: earlier }, stamp(24))
    expect(changed.map(({ id, linkedId }) => [id, linkedId])).toEqual([
      [1, 24],
      [23, 24],
    ])
  })

  it('are answered as by the oracle, whatever their order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(datedRequestArbitrary(), { maxLength: 30 }), async (requests) => {
        const store = new MemoryStore()
        const oracle = new Oracle()
        for (const dated of requests) {
          const expected = oracle.identify(dated)
          const [result] = await store.identify(1, [dated])
          expect(result!.person).toEqual(expected)
        }
        const rows = oracle.rows.toSorted((a, b) => a.id - b.id)
        expect(store.contacts(1).map(({ id, linkedId }) => [id, linkedId])).toEqual(
          rows.map(({ id, linkedId }) => [id, linkedId]),
        )
      }),
      { numRuns: 500 },
    )
  })
})

it('answers any sequence as the oracle does', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(requestArbitrary(), { maxLength: 40 }), async (requests) => {
      const store = new MemoryStore()
      const oracle = new Oracle()
      for (const request of requests) {
        const expected = oracle.identify(request)
        const previewed = await store.preview(1, request)
        const [result] = await store.identify(1, [request])
        expect(result!.person).toEqual(expected)
        expect(previewed.outcome).toBe(result!.outcome)
        expect(previewed.person.emails).toEqual(expected.emails)
        expect(previewed.person.phoneNumbers).toEqual(expected.phoneNumbers)
      }
      expect(store.contacts(1).map(({ id, linkedId }) => ({ id, linkedId }))).toEqual(
        oracle.rows.map(({ id, linkedId }) => ({ id, linkedId })),
      )
    }),
    { numRuns: 500 },
  )
})

it('comes to the connected components of the requests, in any order (G2)', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(
        Array.from({ length: 12 }, (_, n) => n),
        { minLength: 12 },
      ),
      fc.array(requestArbitrary(), { minLength: 12, maxLength: 12 }),
      async (order, requests) => {
        const store = new MemoryStore()
        await store.identify(
          1,
          order.map((n) => requests[n]!),
        )
        const persons = Map.groupBy(store.contacts(1), (contact) => contact.linkedId ?? contact.id)
        const values = [...persons.values()].map((contacts) => components(contacts).flat().sort())
        expect(values.sort((a, b) => (a[0]! < b[0]! ? -1 : 1))).toEqual(components(requests))
      },
    ),
  )
})
