import type { Origin } from '../../event.ts'
import { type KeptSeparation, noContactToSeparate, onePerson } from '../../rule-store.ts'
import type { Client } from '../client.ts'
import { recordEvent } from '../events/record-event.ts'
import { LocksOutdated } from '../retry.ts'
import { lockPrimaries } from '../statements/lock-primaries.ts'
import { readContacts } from '../statements/read-contacts.ts'
import { deleteSeparation, keepApart } from '../statements/write-separation.ts'
import { begin, commit } from '../transaction.ts'

/**
 * Keeps two contacts apart, in a transaction that locks their persons as a merge does: so a merge that has begun is seen,
 * and one that begins later sees the separation. Merges must look for separations by then.
 * @throws IdentityError `not_found`, `conflict`
 * @throws LocksOutdated where one of the persons was merged meanwhile
 */
export async function separate(
  db: Client,
  workspaceId: number,
  pair: readonly [number, number],
  origin: Origin,
): Promise<KeptSeparation> {
  await begin(db)
  const rootIds = await rootsOf(db, workspaceId, pair)
  await lockPrimaries(db, workspaceId, rootIds)
  const now = await rootsOf(db, workspaceId, pair)
  if (!now.every((rootId) => rootIds.includes(rootId))) throw new LocksOutdated(now)
  if (now[0] === now[1]) throw onePerson()
  const { kept, isNew } = await keepApart(db, workspaceId, pair, origin.actor)
  if (isNew) {
    const event = { type: 'contacts.separated', separationId: kept.id, contactIds: kept.contactIds } as const
    await recordEvent(db, workspaceId, event, origin)
  }
  await commit(db)
  return kept
}

/** @returns whether there was such a separation */
export async function releaseSeparation(db: Client, workspaceId: number, id: number, origin: Origin): Promise<boolean> {
  await begin(db)
  const contactIds = await deleteSeparation(db, workspaceId, id)
  if (contactIds) {
    await recordEvent(db, workspaceId, { type: 'contacts.released', separationId: id, contactIds }, origin)
  }
  await commit(db)
  return contactIds !== null
}

async function rootsOf(db: Client, workspaceId: number, ids: readonly [number, number]): Promise<number[]> {
  const contacts = await readContacts(db, workspaceId, ids)
  return ids.map((id) => {
    const contact = contacts.find((each) => each.id === id)
    if (contact) return contact.linkedId ?? id
    throw noContactToSeparate(id)
  })
}
