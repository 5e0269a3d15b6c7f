import { compareAge, isLive } from '../../contact.ts'
import { type Identifier, identifiersOf } from '../../identifier.ts'
import { IdentifierMap } from '../../identifier-map.ts'
import type { Client } from '../client.ts'
import { LocksOutdated } from '../retry.ts'
import { claimIdentifiers } from '../statements/claim-identifiers.ts'
import type { Claim } from '../statements/insert-identifiers.ts'
import { lockPrimaries } from '../statements/lock-primaries.ts'
import { readContacts } from '../statements/read-contacts.ts'
import { removeUncarried } from '../statements/remove-uncarried.ts'

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
  if (claims.length === 0) return 0
  await removeUncarried(db, workspaceId, claims, 'live')
  return claimIdentifiers(db, workspaceId, claims)
}

/** What nobody carries is free for whoever comes with it. */
export async function repairRows(db: Client, workspaceId: number, identifiers: readonly Identifier[]): Promise<number> {
  return identifiers.length === 0 ? 0 : removeUncarried(db, workspaceId, identifiers, 'any')
}
