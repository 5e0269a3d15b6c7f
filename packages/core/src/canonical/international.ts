import { type CountryCode, getCountries, getCountryCallingCode, Metadata } from 'libphonenumber-js'

/** How numbers of a region start that come out of the library as they went in. */
interface Start {
  /** The plus and the calling code. */
  readonly international: string
  /** What the library takes off behind it; empty: nothing. */
  readonly nationalPrefix: string
}

/** By region; null where it takes the library to know. */
const startOfRegion = new Map<CountryCode, Start | null>()

/**
 * True for a number that is the same valid or not: with a plus and the region's own calling code, and without the
 * national prefix, which is all that the library would take off. False says nothing.
 */
export function staysAsItIs(digits: string, region: CountryCode): boolean {
  let start = startOfRegion.get(region)
  if (start === undefined) {
    start = startOf(region)
    startOfRegion.set(region, start)
  }
  if (start === null || !digits.startsWith(start.international)) return false
  return start.nationalPrefix === '' || !digits.startsWith(start.nationalPrefix, start.international.length)
}

function startOf(region: CountryCode): Start | null {
  const callingCode = getCountryCallingCode(region)
  const isShared = getCountries().some((other) => other !== region && getCountryCallingCode(other) === callingCode)
  const metadata = new Metadata()
  metadata.selectNumberingPlan(region)
  const plan = metadata.numberingPlan as unknown as {
    nationalPrefixForParsing(): string | undefined
    nationalPrefixTransformRule(): string | undefined
  }
  const nationalPrefix = plan.nationalPrefixForParsing() ?? ''
  if (isShared || !/^\d*$/.test(nationalPrefix) || plan.nationalPrefixTransformRule()) return null
  return { international: `+${callingCode}`, nationalPrefix }
}
