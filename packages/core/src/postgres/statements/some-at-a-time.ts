/**
 * So many contacts a statement: `array_position` looks through the list for each of them, and a join with it would read
 * the whole workspace (docs/decisions/0010-plans-without-scans.md).
 */
const CONTACTS_AT_ONCE = 500

/** Contacts in lists that are short enough for a statement which finds each one's place in them. */
export function* someAtATime<C>(contacts: readonly C[]): Generator<C[]> {
  for (let start = 0; start < contacts.length; start += CONTACTS_AT_ONCE) {
    yield contacts.slice(start, start + CONTACTS_AT_ONCE)
  }
}
