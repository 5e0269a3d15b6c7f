import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js'
import { formWithoutParsing } from './international.ts'
import { ABSENT, type Canonical, show } from './value.ts'

/** An ISO 3166 region such as `IN`, for numbers written the national way. */
export type PhoneRegion = CountryCode

export function isPhoneRegion(region: string): region is PhoneRegion {
  return isSupportedCountry(region)
}

const SEPARATORS = /[\s\p{Pd}./()]+/gu
const NUMBER = /^\+?[0-9]{1,20}$/

/**
 * Rule R1 for phone numbers: a string, or a JSON number that is a non-negative safe integer. Spaces, dashes, dots,
 * parentheses and slashes are dropped, a leading + is kept, 1 to 20 digits must remain. With a default region, a number
 * that is valid there becomes E.164; any other stays as it is. Blank, null and undefined are absent.
 */
export function canonicalPhone(input: unknown, defaultRegion?: PhoneRegion): Canonical {
  if (input === undefined || input === null) return ABSENT
  if (typeof input === 'number') {
    if (!Number.isSafeInteger(input) || input < 0) {
      return {
        problem: `phoneNumber as a number must be a whole number from 0 to ${Number.MAX_SAFE_INTEGER}; found ${input}. Send it as a string.`,
      }
    }
  } else if (typeof input !== 'string') {
    return { problem: `phoneNumber must be a string such as "+14155550100", or a number; found ${show(input)}.` }
  }
  const text = String(input)
  if (text.trim() === '') return ABSENT
  const digits = text.replace(SEPARATORS, '')
  if (!NUMBER.test(digits)) {
    return {
      problem: `phoneNumber must have 1 to 20 digits, with a leading + or separators at most; found ${show(text)}.`,
    }
  }
  return { value: defaultRegion ? internationalForm(digits, defaultRegion) : digits }
}

function internationalForm(digits: string, defaultRegion: PhoneRegion): string {
  const known = formWithoutParsing(digits, defaultRegion)
  if (known !== undefined) return known
  const parsed = parsePhoneNumberFromString(digits, defaultRegion)
  return parsed?.isValid() ? parsed.number : digits
}
