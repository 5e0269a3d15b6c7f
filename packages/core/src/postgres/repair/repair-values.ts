import { compareAge, isLive } from '../../contact.ts'
import { identifiersOf } from '../../identifier.ts'
import { IdentifierMap } from '../../identifier-map.ts'
import type { Client } from '../client.ts'
import { LocksOutdated } from '../retry.ts'
import { claimIdentifiers } from '../statements/claim-identifiers.ts'
import type { Claim } from '../statements/claims.ts'
import { lockPrimaries } from '../statements/lock-primaries.ts'
import { readCarriers } from '../statements/read-carriers.ts'
import { readContacts } from '../statements/read-contacts.ts'
import { unclaimOfDeleted } from '../statements/unclaim-identifiers.ts'

/** Contacts claim their values anew, the oldest first, wherever no contact that carries them has done so. */
export async function repairValues(db: Client, workspaceId: number, ids: readonly number[]): Promise<number> {
  const rootIds = (await readContacts(db, workspaceId, ids)).map((contact) => contact.linkedId ?? contact.id)
  await lockPrimaries(db, workspaceId, [...new Set(rootIds)])
  const contacts = (await readContacts(db, workspaceId, ids)).filter(isLive)
  if (!contacts.every((contact) => rootIds.includes(contact.linkedId ?? contact.id))) throw new LocksOutdated(rootIds)
  const claims: Claim[] = []
  const claimed = new IdentifierMap<true>()
  for (const contact of contacts.toSorted(compareAge)) {
    for (const identifier of identifiersOf(contact)) {
      if (claimed.has(identifier)) continue
      claimed.set(identifier, true)
      claims.push({ ...identifier, contactId: contact.id })
    }
  }
  await unclaimOfDeleted(db, workspaceId, claims)
  const carriers = await readCarriers(db, workspaceId, claims)
  const free = claims.filter((claim) => !carriers.has(claim))
  return claimIdentifiers(db, workspaceId, free)
}
