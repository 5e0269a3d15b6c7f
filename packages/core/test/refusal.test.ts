import { components } from '@identity/checker'
import { type ReconcileRules, reconcile, viewOf, WorkingSet } from '@identity/core'
import { HILL_VALLEY, requestArbitrary, TWO_PRIMARIES } from '@identity/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { day, History } from './history.ts'

const NO_RULES: ReconcileRules = { separations: [], limits: { email: null, phone: null }, priority: 'email' }
const APART: ReconcileRules = { ...NO_RULES, separations: [{ id: 5, contactIds: [27, 11] }] }

/** The request of the third documented example, which would make 11 and 27 one. */
const georgeAndBiff = { email: 'george@hillvalley.edu', phoneNumber: '717171' }
const stamp = { at: day(1), newId: () => 28 }

const limitArbitrary = fc.option(fc.integer({ min: 1, max: 4 }))
const rulesArbitrary: fc.Arbitrary<ReconcileRules> = fc.record({
  separations: fc
    .array(fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 })), { maxLength: 4 })
    .map((pairs) => pairs.filter(([a, b]) => a !== b).map((contactIds, n) => ({ id: n + 1, contactIds }))),
  limits: fc.record({ email: limitArbitrary, phone: limitArbitrary }),
  priority: fc.constantFrom('email', 'phone'),
})

describe('a merge that is refused', () => {
  it('by a separation: the owner of the e-mail answers, nothing changes', () => {
    const persons = new WorkingSet(TWO_PRIMARIES)
    const result = persons.reconcile(georgeAndBiff, stamp, APART)
    expect(result).toMatchObject({ outcome: 'refused', person: { root: { id: 11 } }, added: null, changed: [] })
    expect(result.refusal).toMatchObject({ reason: 'separation', other: { root: { id: 27 } }, separationId: 5 })
    expect(persons.contacts()).toEqual(TWO_PRIMARIES)
  })

  it('where the phone number has priority, its owner answers', () => {
    const result = reconcile(new WorkingSet(TWO_PRIMARIES).find, georgeAndBiff, stamp, { ...APART, priority: 'phone' })
    expect(result).toMatchObject({
      outcome: 'refused',
      person: { root: { id: 27 } },
      refusal: { other: { root: { id: 11 } } },
    })
  })

  it('a separation is inherited by merges, and holds for deleted contacts', () => {
    const persons = new WorkingSet([...HILL_VALLEY, ...TWO_PRIMARIES])
    persons.reconcile({ email: 'biffsucks@hillvalley.edu', phoneNumber: '123456' }, stamp)
    const result = persons.reconcile({ email: 'george@hillvalley.edu', phoneNumber: '123456' }, stamp, APART)
    expect(result).toMatchObject({ outcome: 'refused', refusal: { other: { root: { id: 1 } } } })
    const [george, biff] = TWO_PRIMARIES as [(typeof TWO_PRIMARIES)[0], (typeof TWO_PRIMARIES)[0]]
    const deleted = { ...biff, deletedAt: day(1) }
    const other = { ...biff, id: 30, linkedId: 27, linkPrecedence: 'secondary', email: null } as const
    const rest = new WorkingSet([george, deleted, other])
    expect(rest.reconcile(georgeAndBiff, stamp, APART).refusal).toMatchObject({ reason: 'separation' })
  })

  it('by a limit, for a merge and for a contact more', () => {
    const rules: ReconcileRules = { ...NO_RULES, limits: { email: 1, phone: null } }
    expect(reconcile(new WorkingSet(TWO_PRIMARIES).find, georgeAndBiff, stamp, rules).refusal).toMatchObject({
      reason: 'email-limit',
      other: { root: { id: 27 } },
    })
    const linked = { email: 'marty@hillvalley.edu', phoneNumber: '919191' }
    expect(reconcile(new WorkingSet(TWO_PRIMARIES).find, linked, stamp, rules)).toMatchObject({
      outcome: 'refused',
      person: { root: { id: 11 } },
      refusal: { reason: 'email-limit', other: null },
    })
    const grown = { email: 'george@hillvalley.edu', phoneNumber: '1' }
    expect(reconcile(new WorkingSet(TWO_PRIMARIES).find, grown, stamp, rules).outcome).toBe('linked')
  })
})

it('refuses exactly what would break them, and then changes nothing', () => {
  fc.assert(
    fc.property(fc.array(requestArbitrary(), { maxLength: 40 }), rulesArbitrary, (requests, rules) => {
      const history = new History()
      for (const request of requests) {
        const before = history.persons.contacts()
        const allowed = new WorkingSet(before).reconcile(request, { at: day(99), newId: () => 99 })
        const result = history.identify(request, rules)
        const involved = [request.email, request.phoneNumber].flatMap((value, n) => {
          const person = before.find((contact) => value !== null && [contact.email, contact.phoneNumber][n] === value)
          return person ? [person.linkedId ?? person.id] : []
        })
        const isApart = rules.separations.some(({ contactIds: [a, b] }) => {
          const roots = [a, b]
            .map((id) => before.find((contact) => contact.id === id))
            .map((row) => row?.linkedId ?? row?.id)
          return roots[0] !== roots[1] && roots.every((root) => involved.includes(root!))
        })
        const { emails, phoneNumbers } = viewOf(allowed.person)
        const isOver = emails.length > (rules.limits.email ?? 99) || phoneNumbers.length > (rules.limits.phone ?? 99)
        expect(result.outcome).toBe(isApart || isOver ? 'refused' : allowed.outcome)
        if (!isApart && !isOver) continue
        expect(history.persons.contacts()).toEqual(before)
        expect(result.refusal!.reason).toBe(
          isApart ? 'separation' : emails.length > (rules.limits.email ?? 99) ? 'email-limit' : 'phone-limit',
        )
        const first = involved.at(rules.priority === 'email' ? 0 : -1)
        expect(result.person.root.id).toBe(first)
        expect(result.refusal!.other?.root.id).toBe(involved.find((id) => id !== first))
      }
    }),
  )
})

it('comes to the connected components of the requests that were not refused (G2 with rules)', () => {
  fc.assert(
    fc.property(fc.array(requestArbitrary(), { maxLength: 40 }), rulesArbitrary, (requests, rules) => {
      const history = new History(requests, [], rules)
      const accepted = requests.filter((_, n) => history.results[n]!.outcome !== 'refused')
      const values = history.all().map(({ contacts }) => components(contacts).flat().sort())
      expect(values.sort((a, b) => (a[0]! < b[0]! ? -1 : 1))).toEqual(components(accepted))
    }),
  )
})
