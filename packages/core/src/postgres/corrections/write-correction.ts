import type { Correction } from '../../correction.ts'
import type { Origin } from '../../event.ts'
import { correctContacts } from '../statements/correct-contacts.ts'
import { deleteBridges } from '../statements/delete-bridges.ts'
import { eraseContacts } from '../statements/erase-contacts.ts'
import { freeIdentifiers } from '../statements/free-identifiers.ts'
import { insertChange } from '../statements/insert-change.ts'
import { insertIdentifiers } from '../statements/insert-identifiers.ts'
import { moveIdentifiers } from '../statements/move-identifiers.ts'
import { scrubContacts } from '../statements/scrub-contacts.ts'
import type { LockedPersons } from './lock.ts'

/**
 * Writes a correction in the transaction that holds the locks. Identifiers find their owners before those without one
 * are freed, as a value that one person loses may be another's.
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
  if (moved.length > 0) await moveIdentifiers(client, workspaceId, moved, contactIds)
  if (freed.length > 0) await freeIdentifiers(client, workspaceId, freed, contactIds)
  if (claimed.length > 0) {
    // A row that was left naming a deleted contact makes way, so that two who claim the value meet at the key.
    await freeIdentifiers(client, workspaceId, claimed, contactIds)
    await insertIdentifiers(client, workspaceId, claimed)
  }
  if (changed.length > 0) await correctContacts(client, workspaceId, changed, at)
  const scrubbed = changed.filter(({ id, email, phoneNumber }) => {
    const { email: formerEmail, phoneNumber: formerPhone } = former.get(id)!
    return email !== formerEmail || phoneNumber !== formerPhone
  })
  if (scrubbed.length > 0) await scrubContacts(client, workspaceId, scrubbed, at)
  if (fallen.length > 0) await deleteBridges(client, workspaceId, fallen)
  if (erasedIds.length > 0) await eraseContacts(client, workspaceId, erasedIds)
  if (events.length === 0) return null
  const written = events.map((event) => ({ event, origin }))
  return insertChange(client, workspaceId, written, at)
}
