import { isPhoneRegion, type PhoneRegion } from '@identity/core'

export interface Region {
  readonly code: PhoneRegion
  readonly name: string
}

const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']

/** Every region whose national phone numbers the core can make international, by name. */
export function phoneRegions(): Region[] {
  const names = new Intl.DisplayNames('en', { type: 'region' })
  return LETTERS.flatMap((first) => LETTERS.map((second) => first + second))
    .filter(isPhoneRegion)
    .map((code) => ({ code, name: names.of(code) ?? code }))
    .sort((a, b) => a.name.localeCompare(b.name, 'en'))
}
