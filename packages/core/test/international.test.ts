import fc from 'fast-check'
import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  Metadata,
  parsePhoneNumberFromString,
} from 'libphonenumber-js'
import examples from 'libphonenumber-js/mobile/examples'
import { expect, it } from 'vitest'
import { formWithoutParsing } from '../src/canonical/international.ts'

const region = fc.constantFrom(...getCountries())

function parsedForm(digits: string, defaultRegion: CountryCode): string {
  const parsed = parsePhoneNumberFromString(digits, defaultRegion)
  return parsed?.isValid() ? parsed.number : digits
}

/** How often parsing could be left out; each time, it must come to the same. */
function compare(digits: string, defaultRegion: CountryCode): number {
  const known = formWithoutParsing(digits, defaultRegion)
  if (known === undefined) return 0
  expect(known).toBe(parsedForm(digits, defaultRegion))
  return 1
}

it('numbers with a plus that need no parsing are those that parsing would not change, in every region', () => {
  let skipped = 0
  fc.assert(
    fc.property(region, region, fc.stringMatching(/^\d{0,16}$/), (own, written, rest) => {
      const number = `+${getCountryCallingCode(written)}${rest}`
      for (const defaultRegion of [own, written]) skipped += compare(number, defaultRegion)
    }),
    { numRuns: 20_000 },
  )
  expect(skipped).toBeGreaterThan(5_000)
})

it('national numbers that need no parsing come to what parsing makes of them, in every region', () => {
  // Digits of an example are replaced, so that some of the numbers are valid and others nearly.
  const changes = fc.array(fc.tuple(fc.nat(15), fc.integer({ min: 0, max: 9 })), { maxLength: 4 })
  let skipped = 0
  fc.assert(
    fc.property(region, changes, fc.nat(4), fc.nat(2), (own, changed, before, length) => {
      const national = [...(examples[own] ?? '123456789')]
      for (const [place, digit] of changed) if (place < national.length) national[place] = String(digit)
      const written = [national.join(''), national.slice(0, -1).join(''), `${national.join('')}1`][length]!
      skipped += compare(`${prefixesOf(own)[before]}${written}`, own)
    }),
    { numRuns: 50_000 },
  )
  expect(skipped).toBeGreaterThan(5_000)
})

/** What people write before a national number: nothing, the national prefix, a zero, the calling code, and what leads abroad. */
function prefixesOf(own: CountryCode): string[] {
  const metadata = new Metadata()
  metadata.selectNumberingPlan(own)
  const plan = metadata.numberingPlan as unknown as { nationalPrefix(): string | undefined; IDDPrefix(): string }
  return ['', plan.nationalPrefix() ?? '', '0', getCountryCallingCode(own), plan.IDDPrefix().replace(/\D.*/, '')]
}

it('knows the ways in which Indian numbers are written, and leaves the rest to the library', () => {
  for (const number of ['+919876543210', '9876543210', '09876543210']) {
    expect(formWithoutParsing(number, 'IN')).toBe('+919876543210')
  }
  for (const number of ['+9109876543210', '919876543210', '1', '00919876543210']) {
    expect(formWithoutParsing(number, 'IN')).toBeUndefined()
  }
  expect(formWithoutParsing('+12125555255', 'US')).toBeUndefined()
})
