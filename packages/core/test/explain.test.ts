import { type Contact, explain, IdentityError, type Person, sentenceOf } from '@identity/core'
import { HILL_VALLEY, requestArbitrary } from '@identity/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stands } from '../src/bridge.ts'
import { componentsOnRecord, partsAfter } from '../src/components.ts'
import { areJoined, grouped, History, idsOf } from './history.ts'

const historyArbitrary = fc
  .array(requestArbitrary('', 8), { minLength: 1, maxLength: 30 })
  .map((requests) => new History(requests))

describe('components', () => {
  it('contacts and bridges hold each person together', () => {
    fc.assert(
      fc.property(historyArbitrary, (history) => {
        const parts = history.all().map(({ contacts }) => componentsOnRecord(contacts, history.bridges))
        expect(parts.every((components) => components.length === 1)).toBe(true)
      }),
    )
  })

  it('without some contacts, a person comes to what is still joined', () => {
    fc.assert(
      fc.property(historyArbitrary, fc.func(fc.boolean()), (history, isTaken) => {
        for (const { contacts } of history.all()) {
          const left = contacts.filter(({ id }) => !isTaken(id))
          const expected = grouped(left, (a, b) => areJoined(a, b, history.bridges))
          expect(idsOf(partsAfter(contacts, left, history.bridges))).toEqual(idsOf(expected))
        }
      }),
    )
  })

  it('what is joined by nothing on record stays together when something else is taken away', () => {
    const [lorraine, marty] = HILL_VALLEY as [Contact, Contact]
    const doc = { ...marty, id: 30, email: 'doc@hillvalley.edu', phoneNumber: '88' }
    const einstein = { ...doc, id: 31, email: 'einstein@hillvalley.edu' }
    const before = [lorraine, marty, doc, einstein]
    expect(idsOf(componentsOnRecord(before, []))).toEqual([[1, 23], [30, 31]]) // biome-ignore format: as pairs
    expect(idsOf(partsAfter(before, [marty, einstein], []))).toEqual([[23, 31]])
  })

  it('a bridge stands while its contacts are there and linked by its values', () => {
    const [lorraine, marty] = HILL_VALLEY as [Contact, Contact]
    const bridge = { emailContactId: 1, phoneContactId: 23, at: lorraine.createdAt }
    const among = (...contacts: Contact[]) => stands(bridge, new Map(contacts.map((contact) => [contact.id, contact])))
    expect(among(lorraine, { ...marty, emailReleased: true })).toBe(true)
    expect(among({ ...lorraine, emailReleased: true }, marty)).toBe(false)
    expect(among(lorraine, { ...marty, phoneReleased: true })).toBe(false)
    expect(among(lorraine)).toBe(false)
  })
})

describe('explain', () => {
  it('finds a shortest chain, of which each link holds', () => {
    fc.assert(
      fc.property(historyArbitrary, fc.nat(), fc.nat(), (history, n, m) => {
        const [{ contacts }] = history.all() as [Person]
        const [from, to] = [contacts[n % contacts.length]!, contacts[m % contacts.length]!]
        const person = history.persons.findByContact(from.id)!
        const chain = explain(person, history.bridges, { contactId: from.id }, { contactId: to.id })
        expect([chain.contacts[0]!.id, chain.contacts.at(-1)!.id]).toEqual([from.id, to.id])
        expect(chain.links).toHaveLength(chain.contacts.length - 1)
        for (const [index, link] of chain.links.entries()) {
          const [one, other] = [chain.contacts[index]!, chain.contacts[index + 1]!]
          expect(link.by).not.toBe('unrecorded')
          expect(areJoined(one, other, history.bridges)).toBe(true)
        }
        expect(chain.links).toHaveLength(distance(contacts, from, to, history.bridges))
      }),
    )
  })

  const [lorraine, marty] = HILL_VALLEY as [Contact, Contact]
  const person = { root: lorraine, contacts: HILL_VALLEY }
  const value = (kind: 'email' | 'phone', text: string) => ({ identifier: { kind, value: text } })

  it('says it in a sentence', () => {
    const explanation = explain(person, [], value('email', marty.email!), { contactId: 1 })
    expect(sentenceOf(explanation)).toBe(
      'Contact 23 (mcfly@hillvalley.edu) and contact 1 (lorraine@hillvalley.edu) share the phone number 123456.',
    )
    const alone = explain(person, [], value('email', marty.email!), value('phone', '123456'))
    expect(sentenceOf(alone)).toBe('Contact 23 (mcfly@hillvalley.edu) has both by itself.')
  })

  it('tells of orders that left no contact, and of what is not on record', () => {
    const doc: Contact = { ...marty, id: 30, email: 'doc@hillvalley.edu', phoneNumber: null }
    const joined = { root: lorraine, contacts: [lorraine, marty, doc] }
    const bridge = { emailContactId: 30, phoneContactId: 1, at: new Date('2024-01-05'), requestId: 'r1' }
    const bridged = explain(joined, [bridge], { contactId: 23 }, { contactId: 30 })
    expect(bridged.links[1]).toEqual({ by: 'request', at: bridge.at, requestId: 'r1' })
    expect(sentenceOf(bridged)).toContain('. An order of 2024-01-05 had values of both contact 1 (')
    const unknown = explain(joined, [], { contactId: 30 }, { contactId: 1 })
    expect(sentenceOf(unknown)).toMatch(/were joined by something that is not on record\.$/)
  })

  it('of several shortest chains, the one of the oldest contacts', () => {
    const row = (id: number, email: string, phoneNumber: string, day: number): Contact => {
      return { ...lorraine, id, email, phoneNumber, createdAt: new Date(2024, 0, day) }
    }
    const contacts = [row(1, 'a', '1', 1), row(3, 'b', '1', 2), row(2, 'b', '1', 3), row(4, 'b', '2', 4)]
    const chain = explain({ root: contacts[0]!, contacts }, [], { contactId: 1 }, { contactId: 4 })
    expect(chain.contacts.map(({ id }) => id)).toEqual([1, 3, 4])
  })

  it('refuses what is not of the person, without the value', () => {
    expect(() => explain(person, [], { contactId: 7 }, { contactId: 1 })).toThrow(IdentityError)
    expect(() => explain(person, [], { contactId: 1 }, value('email', 'doc@hillvalley.edu'))).toThrow(
      'The person of contact 1 has no e-mail address of this value.',
    )
  })
})

/** An oracle: how many links apart two contacts are, by widening circles. */
function distance(contacts: readonly Contact[], from: Contact, to: Contact, bridges: History['bridges']): number {
  let circle = new Set([from.id])
  for (let steps = 0; ; steps++) {
    if (circle.has(to.id)) return steps
    circle = new Set(
      contacts
        .filter((a) => contacts.some((b) => circle.has(b.id) && (a === b || areJoined(a, b, bridges))))
        .map(({ id }) => id),
    )
  }
}
