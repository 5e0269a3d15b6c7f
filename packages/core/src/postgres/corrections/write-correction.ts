import type { Correction } from '../../correction.ts'
import type { Origin } from '../../event.ts'
import { claimIdentifiers } from '../statements/claim-identifiers.ts'
import { correctContacts } from '../statements/correct-contacts.ts'
import { deleteBridges } from '../statements/delete-bridges.ts'
import { eraseContacts } from '../statements/erase-contacts.ts'
import { insertChange } from '../statements/insert-change.ts'
import { scrubContacts } from '../statements/scrub-contacts.ts'
import { unclaimIdentifiers } from '../statements/unclaim-identifiers.ts'
import type { LockedPersons } from './lock.ts'

/**
 * Writes a correction in the transaction that holds the locks. Values are taken from who claims them before any contact
 * changes, and claimed once all have, as nobody claims what is released, or what another contact claims.
 * @returns the id of the change that tells of it; null where nothing does, as when a value is released on one person alone
 */
export async function writeCorrection(
  { client, persons, at }: LockedPersons,
  workspaceId: number,
  { changed = [], owners = [], claimed = [], freed = [], fallen = [], erasedIds = [], events }: Correction<unknown>,
  origin: Origin,
): Promise<number | null> {
  const former = new Map(persons.flatMap(({ contacts }) => contacts.map((contact) => [contact.id, contact] as const)))
  const contactIds = [...former.keys()]
  const moved = owners.map(({ identifier, contactId }) => ({ ...identifier, contactId }))
  const taken = await unclaimIdentifiers(client, workspaceId, [...moved, ...freed, ...claimed], contactIds)
  if (changed.length > 0) await correctContacts(client, workspaceId, changed, at)
  const scrubbed = changed.filter(({ id, email, phoneNumber }) => {
    const { email: formerEmail, phoneNumber: formerPhone } = former.get(id)!
    return email !== formerEmail || phoneNumber !== formerPhone
  })
  if (scrubbed.length > 0) await scrubContacts(client, workspaceId, scrubbed, at)
  const claims = [...moved.filter((claim) => taken.has(claim)), ...claimed]
  await claimIdentifiers(client, workspaceId, claims)
  if (fallen.length > 0) await deleteBridges(client, workspaceId, fallen)
  if (erasedIds.length > 0) await eraseContacts(client, workspaceId, erasedIds)
  if (events.length === 0) return null
  const written = events.map((event) => ({ event, origin }))
  return insertChange(client, workspaceId, written, at)
}
