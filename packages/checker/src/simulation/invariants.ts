import { BlockList, type BlockRule } from '@identity/core'
import type { LoggedCall } from '../logged/call.ts'
import { valuesOf } from './claims.ts'
import type { SimulatedDatabase } from './database.ts'
import type { ClaimRow, ContactRow } from './rows.ts'

/**
 * Checks what `identity verify` proves of a real database.
 * @param clockMayGoBack whether contacts may have been added that are older than their primaries
 * @throws Error with the rows that break it
 */
export function checkInvariants(db: SimulatedDatabase, { clockMayGoBack }: { clockMayGoBack: boolean }): void {
  const contacts = db.contacts.rows()
  const claims = db.claims.rows()
  const byId = new Map(contacts.map((contact) => [contact.id, contact]))
  const rootOf = ({ id, linkedId }: ContactRow) => byId.get(linkedId ?? id)
  const carrierOf = (row: ClaimRow | undefined) => row && carriedBy(byId.get(row.contactId), row)
  const live = contacts.filter(({ deletedMs }) => deletedMs === null)
  const breaches: Readonly<Record<string, readonly unknown[]>> = {
    'a link leads to no primary': contacts.filter((contact) => rootOf(contact)?.linkedId !== null),
    'a primary is not the oldest': live.filter((contact) => {
      const root = rootOf(contact)!
      return !clockMayGoBack && root.deletedMs === null && isOlder(contact, root)
    }),
    'a value does not lead to its person': live.filter((contact) =>
      valuesOf(contact).some((value) => {
        const carrier = carrierOf(claims.find((row) => row.kind === value.kind && row.value === value.value))
        return !carrier || rootOf(carrier) !== rootOf(contact)
      }),
    ),
    'a contact claims what does not link it': claims.filter((row) => !carrierOf(row)),
    'a person has both contacts of a separation': db.separations
      .rows()
      .filter(({ contactId, otherContactId }) => rootOf(byId.get(contactId)!) === rootOf(byId.get(otherContactId)!)),
  }
  for (const [sentence, rows] of Object.entries(breaches)) {
    if (rows.length > 0) throw new Error(`${sentence}: ${JSON.stringify(rows)}`)
  }
}

/** @throws Error where a contact, be it deleted, is linked by what rules block that are applied */
export function checkApplied(db: SimulatedDatabase, rules: readonly BlockRule[]): void {
  const { isBlocked } = new BlockList(rules)
  const linked = db.contacts.rows().filter((contact) => valuesOf(contact).some(isBlocked))
  if (linked.length > 0) throw new Error(`what is blocked links a contact: ${JSON.stringify(linked)}`)
}

/** @throws Error where other requests are counted as refused than callers were told of. An erasure forgets the counts. */
export function checkRefusals(db: SimulatedDatabase, history: readonly LoggedCall[]): void {
  if (history.some(({ asked }) => asked.type === 'erase')) return
  const told = history.flatMap((call) => (call.told && 'outcomes' in call.told ? (call.told.outcomes ?? []) : []))
  const refused = told.filter((outcome) => outcome === 'refused').length
  const unknown = history.filter(({ told }) => told === null).length
  const counted = db.refusals.rows().reduce((sum, { count }) => sum + count, 0)
  if (counted < refused || counted > refused + unknown)
    throw new Error(`${counted} refusals are counted, and ${refused} were told`)
}

function carriedBy(contact: ContactRow | undefined, { kind, value }: ClaimRow): ContactRow | undefined {
  return contact && valuesOf(contact).some((own) => own.kind === kind && own.value === value) ? contact : undefined
}

function isOlder(one: ContactRow, other: ContactRow): boolean {
  return one.createdMs < other.createdMs || (one.createdMs === other.createdMs && one.id < other.id)
}
