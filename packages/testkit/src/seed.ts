import { type Contact, identifiersOf } from '@identity/core'
import type { Client } from '@identity/core/postgres'

/** Puts rows into the tables as an import by hand would: ids and times of their own, the sequence untouched. Of those that carry a value, the first one claims it. */
export async function seed(db: Client, contacts: readonly Contact[], workspaceId = 1): Promise<void> {
  const primariesFirst = contacts.toSorted((a, b) => (a.linkedId ?? 0) - (b.linkedId ?? 0) || a.id - b.id)
  await db.begin(async (tx) => {
    for (const c of primariesFirst) {
      await tx`
        insert into contact (workspace_id, id, phone_number, email, linked_id, link_precedence, created_at, updated_at, deleted_at)
        values (${workspaceId}, ${c.id}, ${c.phoneNumber}, ${c.email}, ${c.linkedId}, ${c.linkPrecedence}, ${c.createdAt}, ${c.updatedAt}, ${c.deletedAt})`
      for (const { kind, value } of identifiersOf(c)) {
        const column = tx(kind === 'email' ? 'email' : 'phone_number')
        await tx`
          update contact set claimed = case when claimed is null then ${kind} else 'both' end
          where workspace_id = ${workspaceId} and id = ${c.id} and not exists (
            select from contact where workspace_id = ${workspaceId} and ${column} = ${value} and claimed in (${kind}, 'both')
          )`
      }
    }
  })
}
