import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import * as core from '@identity/core'
import { type CanonicalRequest, identifiersOf, type RecordedEvent, split } from '@identity/core'
import { codeBlocks, HILL_VALLEY, requestArbitrary, TWO_PRIMARIES } from '@identity/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { day, grouped, History } from './history.ts'

const page = readFileSync(join(import.meta.dirname, '../../../docs/corrections.md'), 'utf8')

function merged(persons: core.WorkingSet, request: CanonicalRequest) {
  const reconciliation = persons.reconcile(request, { at: day(1), newId: () => 28 })
  const event = core.eventOf(request, reconciliation) as core.PersonsMerged
  return {
    person: reconciliation.person,
    bridge: core.bridgeOf(event, day(1)),
    event: { id: '1', at: day(1).toISOString(), ...core.NO_ORIGIN, ...event } satisfies RecordedEvent,
  }
}

describe('docs/corrections.md', () => {
  it.each(codeBlocks(page).filter(({ language }) => language === 'js'))('line $line', ({ code, answer }) => {
    const shown = runInNewContext(code, {
      ...core,
      hillValley: { root: HILL_VALLEY[0], contacts: HILL_VALLEY },
      two: new core.WorkingSet(TWO_PRIMARIES),
      at: day(1),
      stamp: { at: day(1), newId: () => 28 },
      rules: { separations: [], limits: { email: null, phone: null }, priority: 'email' },
      merged,
    })
    expect(JSON.parse(JSON.stringify(shown))).toEqual(JSON.parse(answer!))
  })
})

it('after a split, persons are the components of those of then and the requests since, in any order (G2)', () => {
  const requests = fc.array(requestArbitrary(), { minLength: 2, maxLength: 20 })
  fc.assert(
    fc.property(requests, fc.array(fc.tuple(requestArbitrary(), fc.nat()), { maxLength: 20 }), (before, keyed) => {
      const history = new History(before)
      const person = history.all().toSorted((a, b) => b.contacts.length - a.contacts.length)[0]!
      fc.pre(person.contacts.length > 1)
      history.apply(split(person, history.bridges, [person.contacts.at(-1)!.id], { at: day(99), keepApart: false }))
      const then = history.all().map(({ contacts }) => contacts.flatMap(identifiersOf).map(keyOf))
      const since = keyed.map(([request]) => identifiersOf(request).map(keyOf))
      for (const [request] of keyed.toSorted(([, a], [, b]) => a - b)) history.identify(request)
      const expected = grouped([...then, ...since], (a, b) => a.some((key) => b.includes(key)))
      expect(sorted(history.all().map(({ contacts }) => contacts.flatMap(identifiersOf).map(keyOf)))).toEqual(
        sorted(expected.map((group) => group.flat())),
      )
    }),
  )
})

function keyOf({ kind, value }: core.Identifier): string {
  return `${kind} ${value}`
}

function sorted(groups: readonly string[][]): string[][] {
  return groups.map((group) => [...new Set(group)].sort()).sort((a, b) => (a[0]! < b[0]! ? -1 : 1))
}
