import type { Contact } from '../contact.ts'
import { groupBy } from '../group-by.ts'
import type { Client } from './client.ts'
import { pointContacts } from './statements/point-contacts.ts'
import { touchContacts } from './statements/touch-contacts.ts'

/**
 * Writes contacts that a merge changed (rule R3): a statement for those that stay without a link, and one for each
 * primary that others come to point at. What stays a secondary where it was is only touched, which pointing it there
 * does as well.
 */
export async function writeChanges(
  db: Client,
  workspaceId: number,
  changed: Iterable<Contact>,
  at: Date,
): Promise<void> {
  const byPrimary = groupBy(changed, (contact) => contact.linkedId)
  await Promise.all(
    [...byPrimary].map(([primaryId, contacts]) => {
      const ids = contacts.map((contact) => contact.id)
      return primaryId === null
        ? touchContacts(db, workspaceId, ids, at)
        : pointContacts(db, workspaceId, ids, primaryId, at)
    }),
  )
}
