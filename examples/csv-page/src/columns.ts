/** A column of the CSV that holds what the service asks for. */
export interface Column {
  readonly name: string
  readonly index: number
}

/** Null where the CSV has no such column. */
export interface Columns {
  readonly email: Column | null
  readonly phoneNumber: Column | null
}

const EMAIL = new Set(['email', 'mail', 'emailaddress', 'mailaddress'])
const PHONE = new Set(
  ['phone', 'tel', 'telephone', 'mobile', 'mobilephone', 'cell', 'cellphone'].flatMap((name) => [
    name,
    `${name}number`,
    `${name}no`,
  ]),
)

/** Finds the columns by their names: `E-Mail`, `phone_number`, `Billing Phone`. The closest name wins, then the first. */
export function findColumns(header: readonly string[]): Columns {
  return { email: find(header, EMAIL), phoneNumber: find(header, PHONE) }
}

function find(header: readonly string[], names: ReadonlySet<string>): Column | null {
  const words = header.map(wordsOf)
  const exact = words.findIndex((name) => names.has(name.join('')))
  const index = exact >= 0 ? exact : words.findIndex((name) => endsWithOneOf(name, names))
  return index < 0 ? null : { name: header[index]!.trim(), index }
}

function endsWithOneOf(words: readonly string[], names: ReadonlySet<string>): boolean {
  return words.some((_, start) => names.has(words.slice(start).join('')))
}

/** `phoneNumber`, `phone_number` and `Phone number` are the same two words. */
function wordsOf(name: string): string[] {
  const spaced = name.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
  return spaced.toLowerCase().match(/\p{L}+/gu) ?? []
}
