import { type CountryCode, getCountries, getCountryCallingCode, Metadata } from 'libphonenumber-js'

/** How a region's numbers are written, where that is simple enough to do without the library. */
interface Plan {
  /** The plus and the calling code. */
  readonly international: string
  /** What the library takes off before the national number; empty: nothing. */
  readonly nationalPrefix: string
  /** What stands before a number of another country. */
  readonly abroad: RegExp
  /** A whole national number; null where validity hangs on more. */
  readonly national: RegExp | null
}

/** By region; null where it takes the library to know. */
const planOfRegion = new Map<CountryCode, Plan | null>()

/**
 * What the library makes of a number, where that can be told without it, which costs more than all the rest of a request:
 * of one with a plus and the region's own calling code, and of a valid one of the region, with its national prefix or
 * without. Undefined says nothing.
 */
export function formWithoutParsing(digits: string, region: CountryCode): string | undefined {
  let plan = planOfRegion.get(region)
  if (plan === undefined) {
    plan = planOf(region)
    planOfRegion.set(region, plan)
  }
  if (plan === null) return undefined
  const { international, nationalPrefix, abroad, national } = plan
  if (digits.startsWith('+')) {
    // The same valid or not: the national prefix is all that the library would take off.
    const isPlain = nationalPrefix === '' || !digits.startsWith(nationalPrefix, international.length)
    return isPlain && digits.startsWith(international) ? digits : undefined
  }
  const hasPrefix = nationalPrefix !== '' && digits.startsWith(nationalPrefix)
  const rest = hasPrefix ? digits.slice(nationalPrefix.length) : digits
  return national?.test(rest) && !abroad.test(digits) ? international + rest : undefined
}

function planOf(region: CountryCode): Plan | null {
  const callingCode = getCountryCallingCode(region)
  const isShared = getCountries().some((other) => other !== region && getCountryCallingCode(other) === callingCode)
  const metadata = new Metadata()
  metadata.selectNumberingPlan(region)
  const plan = metadata.numberingPlan as unknown as {
    IDDPrefix(): string
    hasTypes(): boolean
    nationalNumberPattern(): string
    nationalPrefixForParsing(): string | undefined
    nationalPrefixTransformRule(): string | undefined
  }
  const nationalPrefix = plan.nationalPrefixForParsing() ?? ''
  if (isShared || !/^\d*$/.test(nationalPrefix) || plan.nationalPrefixTransformRule()) return null
  return {
    international: `+${callingCode}`,
    nationalPrefix,
    abroad: new RegExp(`^(?:${plan.IDDPrefix()})`),
    national: plan.hasTypes() ? null : new RegExp(`^(?=[1-9])(?:${plan.nationalNumberPattern()})$`),
  }
}
