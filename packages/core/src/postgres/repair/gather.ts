import { type Contact, compareAge, isLive } from '../../contact.ts'
import { NO_ORIGIN } from '../../event.ts'
import { unique } from '../../unique.ts'
import type { Client } from '../client.ts'
import { drawStamp } from '../statements/draw-stamp.ts'
import { insertChange } from '../statements/insert-change.ts'
import { promoteContact } from '../statements/promote-contact.ts'
import { relinkContacts } from '../statements/relink-contacts.ts'

/** The contact that should be the primary of these: the oldest that is not deleted, or the oldest of all. */
export function eldestOf(contacts: readonly Contact[]): Contact {
  const live = contacts.filter(isLive)
  return (live.length > 0 ? live : contacts).toSorted(compareAge)[0]!
}

/** Makes one of the contacts, which are locked, the primary that all others point straight at. */
export async function gather(
  db: Client,
  workspaceId: number,
  contacts: readonly Contact[],
  root: Contact,
): Promise<void> {
  const { at } = await drawStamp(db, workspaceId, 0)
  if (root.linkedId !== null) await promoteContact(db, workspaceId, root.id, at)
  const astray = contacts
    .filter(({ id, linkedId }) => id !== root.id && linkedId !== root.id)
    .map(({ id }) => ({ id, linkedId: root.id }))
  await relinkContacts(db, workspaceId, astray, at)
  const moved = contacts
    .map(({ id, linkedId }) => ({ contactId: id, from: linkedId ?? id }))
    .filter(({ from }) => from !== root.id)
  if (moved.length === 0) return
  const absorbed = unique(moved.map(({ from }) => from))
  const by = { email: null, phone: null }
  const event = { type: 'persons.merged', personId: root.id, absorbed, by, contactId: null, moved } as const
  await insertChange(db, workspaceId, [{ event, origin: NO_ORIGIN }], at)
}
