import fc from 'fast-check'
import { getCountries, getCountryCallingCode, parsePhoneNumberFromString } from 'libphonenumber-js'
import { expect, it } from 'vitest'
import { staysAsItIs } from '../src/canonical/international.ts'

it('numbers that need no parsing are those that parsing would not change, in every region', () => {
  const region = fc.constantFrom(...getCountries())
  const digits = fc.stringMatching(/^\d{0,16}$/)
  let skipped = 0
  fc.assert(
    fc.property(region, region, digits, (own, written, rest) => {
      const number = `+${getCountryCallingCode(written)}${rest}`
      for (const defaultRegion of [own, written]) {
        if (!staysAsItIs(number, defaultRegion)) continue
        skipped++
        const parsed = parsePhoneNumberFromString(number, defaultRegion)
        expect(parsed?.isValid() ? parsed.number : number).toBe(number)
      }
    }),
    { numRuns: 20_000 },
  )
  expect(skipped).toBeGreaterThan(5_000)
})

it('a national prefix after the calling code is for the library', () => {
  expect(staysAsItIs('+919876543210', 'IN')).toBe(true)
  expect(staysAsItIs('+9109876543210', 'IN')).toBe(false)
  expect(staysAsItIs('9876543210', 'IN')).toBe(false)
  expect(staysAsItIs('+12125555255', 'US')).toBe(false)
})
