import fc from 'fast-check'
import { expect, it } from 'vitest'
import { IDENTIFIER_KINDS, type Identifier } from '../src/identifier.ts'
import { IdentifierMap } from '../src/identifier-map.ts'
import { RootMemory } from '../src/postgres/root-memory.ts'

const identifier: fc.Arbitrary<Identifier> = fc.record({
  kind: fc.constantFrom(...IDENTIFIER_KINDS),
  // Few enough to come again, and with characters of one byte, two and more.
  value: fc.string({ unit: fc.constantFrom('a', 'b', '1', '\u0080', 'é', 'ł', '\uff61', '😀'), maxLength: 4 }),
})

it('gives back what a map would, be the values ASCII or not', () => {
  const memory = new RootMemory()
  fc.assert(
    fc.property(fc.array(fc.tuple(identifier, fc.nat())), (entries) => {
      memory.forget()
      const expected = new IdentifierMap<number>()
      for (const [value, rootId] of entries) {
        expect(memory.get(value)).toBe(expected.get(value))
        expect(memory.set(value, rootId)).toBe(true)
        expected.set(value, rootId)
      }
      for (const [value] of entries) expect(memory.get(value)).toBe(expected.get(value))
    }),
  )
})

it('forgets everything when it is full, says so, and goes on', () => {
  const memory = new RootMemory()
  const numbered = (n: number): Identifier => ({ kind: 'phone', value: String(n) })
  let count = 0
  while (memory.set(numbered(count), count)) count++
  expect(count).toBeGreaterThan(1_000_000)
  expect([memory.get(numbered(0)), memory.get(numbered(count))]).toEqual([undefined, undefined])
  expect(memory.set(numbered(0), 7)).toBe(true)
  expect(memory.get(numbered(0))).toBe(7)
})

it('is full as well when the values are long', () => {
  const memory = new RootMemory()
  const long = (n: number): Identifier => ({ kind: 'email', value: `${'é'.repeat(240)}@${n}` })
  let count = 0
  while (memory.set(long(count), count)) count++
  expect(count).toBeLessThan(100_000)
  expect(memory.get(long(count))).toBeUndefined()
})
