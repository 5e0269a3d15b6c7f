import { show } from '@identity/core'
import { Failure } from '../failure.ts'

/** What an order may tell. */
export const FIELDS = ['id', 'time', 'email', 'phone'] as const

export type Field = (typeof FIELDS)[number]

/** Names by which the fields are found, in any case; of several in one file, the first in its list counts. */
const COMMON_NAMES: Readonly<Record<Field, readonly string[]>> = {
  id: ['order_id', 'orderid', 'id'],
  time: ['ordered_at', 'orderedat', 'created_at', 'createdat'],
  email: ['email', 'e-mail', 'email_address'],
  phone: ['phone_number', 'phonenumber', 'phone'],
}

/** Columns that the user has named. */
export type NamedColumns = Partial<Record<Field, string>>

const SHOWN_NAMES = 12

/** The key or column that each field is read from, in this order of preference. */
export function namesOf(field: Field, named: NamedColumns): readonly string[] {
  const name = named[field]
  return name === undefined ? COMMON_NAMES[field] : [name.trim().toLowerCase()]
}

/**
 * Finds the fields in a CSV's header. @returns for each field its column's index, or -1
 * @throws Failure where a column that the user named is missing, two have the name of one field, or there is neither
 * e-mail nor phone
 */
export function findColumns(header: readonly string[], named: NamedColumns): Record<Field, number> {
  const names = header.map((name) => name.trim().toLowerCase())
  const find = (field: Field) => {
    const found = namesOf(field, named).find((name) => names.includes(name))
    if (found === undefined && named[field] !== undefined) {
      throw unknown(`There is no column ${show(named[field])} for ${field}`, header)
    }
    if (found === undefined) return -1
    const index = names.indexOf(found)
    if (names.includes(found, index + 1)) {
      throw new Failure(
        `Two columns are named ${show(found)}. Give one another name in the first line, or say which column it is with --column ${field}=NAME.`,
      )
    }
    return index
  }
  const columns = { id: find('id'), time: find('time'), email: find('email'), phone: find('phone') }
  if (columns.email < 0 && columns.phone < 0) {
    const remedy = ' Say which one it is with --column email=NAME or --column phone=NAME.'
    throw unknown('No column is known for an e-mail or a phone', header, remedy)
  }
  return columns
}

/** Where the file lacks its header, its first line is personal data, which the terminal must not show. */
function unknown(problem: string, header: readonly string[], remedy = ''): Failure {
  if (header.some((name) => LIKE_A_VALUE.test(name))) {
    return new Failure(
      `${problem}; the first line seems to have values. Begin the file with a line that names the columns, such as email,phone.`,
    )
  }
  const more = header.length > SHOWN_NAMES ? ` and ${header.length - SHOWN_NAMES} more` : ''
  const names = header.slice(0, SHOWN_NAMES).map(show).join(', ')
  return new Failure(`${problem}; the first line names ${names}${more}.${remedy}`)
}

/** An `@`, five digits, or digits without any letter. */
const LIKE_A_VALUE = /@|(?:\d\P{L}*){5}|^\P{L}*\d\P{L}*$/u

/** Finds the fields in objects, whose keys may differ from line to line. */
export class KeyFinder {
  readonly #fieldOf = new Map<string, { field: Field; rank: number }>()
  /** What keys were seen to mean; as there may be any number of keys, not for ever. */
  readonly #seen = new Map<string, { field: Field; rank: number } | undefined>()

  constructor(named: NamedColumns) {
    for (const field of FIELDS) {
      for (const [rank, name] of namesOf(field, named).entries()) this.#fieldOf.set(name, { field, rank })
    }
  }

  /** The values of the fields; undefined where the object has none. */
  read(object: Readonly<Record<string, unknown>>): Record<Field, unknown> {
    const values: Record<Field, unknown> = { id: undefined, time: undefined, email: undefined, phone: undefined }
    const ranks: Partial<Record<Field, number>> = {}
    for (const key in object) {
      const found = this.#find(key)
      if (!found || (ranks[found.field] ?? Number.POSITIVE_INFINITY) <= found.rank) continue
      ranks[found.field] = found.rank
      values[found.field] = object[key]
    }
    return values
  }

  #find(key: string) {
    if (this.#seen.has(key)) return this.#seen.get(key)
    if (this.#seen.size >= MAX_SEEN_KEYS) this.#seen.clear()
    const found = this.#fieldOf.get(key.trim().toLowerCase())
    this.#seen.set(key, found)
    return found
  }
}

const MAX_SEEN_KEYS = 1_000
