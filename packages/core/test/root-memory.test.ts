import fc from 'fast-check'
import { expect, it } from 'vitest'
import { IDENTIFIER_KINDS, type Identifier } from '../src/identifier.ts'
import { IdentifierMap } from '../src/identifier-map.ts'
import { NO_PLACE, RootMemory } from '../src/postgres/root-memory.ts'

const identifier: fc.Arbitrary<Identifier> = fc.record({
  kind: fc.constantFrom(...IDENTIFIER_KINDS),
  // Few enough to come again, and with characters of one byte, two and more.
  value: fc.string({ unit: fc.constantFrom('a', 'b', '1', '\u0080', 'é', 'ł', '\uff61', '😀'), maxLength: 4 }),
})

function rootIdOf(memory: RootMemory, { kind, value }: Identifier): number | undefined {
  return memory.rootIdAt(memory.placeOf(kind, value))
}

it('gives back what a map would, be the values ASCII or not', () => {
  const memory = new RootMemory()
  fc.assert(
    fc.property(fc.array(fc.tuple(identifier, fc.nat())), (entries) => {
      memory.forget()
      const expected = new IdentifierMap<number>()
      for (const [value, rootId] of entries) {
        expect(rootIdOf(memory, value)).toBe(expected.get(value))
        memory.setRootIdAt(memory.placeOf(value.kind, value.value), rootId)
        expected.set(value, rootId)
      }
      for (const [value] of entries) expect(rootIdOf(memory, value)).toBe(expected.get(value))
    }),
  )
})

/** Gives places to values until there is no room. @returns how many got one, and how many of them before it was full */
function fill(memory: RootMemory, textOf: (n: number) => string) {
  let [count, beforeFull] = [0, 0]
  while (memory.placeOf('phone', textOf(count)) !== NO_PLACE) {
    count++
    if (!memory.isFull) beforeFull = count
  }
  return { count, beforeFull }
}

it('says that it is full while there is still some room, and has no place for what comes after that', () => {
  const memory = new RootMemory()
  const { count, beforeFull } = fill(memory, String)
  expect(beforeFull).toBeGreaterThan(950_000)
  expect(count - beforeFull).toBeGreaterThan(50_000)
  memory.setRootIdAt(NO_PLACE, 7)
  expect(memory.rootIdAt(NO_PLACE)).toBeUndefined()
  memory.setRootIdAt(memory.placeOf('phone', '0'), 7)
  memory.forget()
  expect(memory.isFull).toBe(false)
  expect(rootIdOf(memory, { kind: 'phone', value: '0' })).toBeUndefined()
})

it('is full as well when the values are long', () => {
  const { count, beforeFull } = fill(new RootMemory(), (n) => `${'é'.repeat(240)}@${n}`)
  expect(count).toBeLessThan(100_000)
  expect(count - beforeFull).toBeGreaterThan(1_000)
})
