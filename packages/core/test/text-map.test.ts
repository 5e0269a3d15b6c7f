import fc from 'fast-check'
import { expect, it } from 'vitest'
import { TextMap } from '../src/text-map.ts'

const TEXTS = fc.array(fc.tuple(fc.string({ unit: 'binary', maxLength: 3 }), fc.nat()), { maxLength: 40 })

it.each([
  ['of its own', undefined],
  ['that is the same for many texts', (text: string) => text.length],
  ['that is the same for all', () => 7],
])('a text map finds what a Map finds, by a hash %s', (_, hashOf) => {
  fc.assert(
    fc.property(TEXTS, fc.string({ unit: 'binary', maxLength: 3 }), (entries, other) => {
      const [map, expected] = [new TextMap<number | undefined>(hashOf), new Map<string, number | undefined>()]
      for (const [text, value] of entries) {
        // An entry may be there and undefined.
        const entry = value % 5 === 0 ? undefined : value
        map.set(text, entry)
        expected.set(text, entry)
      }
      for (const text of [...expected.keys(), other]) {
        expect([map.has(text), map.get(text)]).toEqual([expected.has(text), expected.get(text)])
      }
    }),
  )
})

it('a text map finds what was set in a text that is put together anew', () => {
  const map = new TextMap<number>()
  map.set('lorraine@hillvalley.edu', 1)
  expect(map.get(['lorraine', 'hillvalley.edu'].join('@'))).toBe(1)
})
