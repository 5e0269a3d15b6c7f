import type { Client } from '../client.ts'
import { passSequence } from './catch-up-sequence.ts'

/**
 * Deletes contacts for good, with every row that names one of them and no other. Contacts that point at one must point
 * elsewhere by now, or go with it.
 */
export async function eraseContacts(db: Client, workspaceId: number, contactIds: readonly number[]): Promise<void> {
  const ids = [...contactIds]
  await passSequence(
    db,
    ids.reduce((highest, id) => Math.max(highest, id)),
  )
  await db`
    /* identity:erase-email-bridges */
    delete from bridge where workspace_id = ${workspaceId} and email_contact_id = any(${ids}::bigint[])`
  await db`
    /* identity:erase-phone-bridges */
    delete from bridge where workspace_id = ${workspaceId} and phone_contact_id = any(${ids}::bigint[])`
  await db`
    /* identity:erase-separations */
    delete from separation where workspace_id = ${workspaceId} and contact_id = any(${ids}::bigint[])`
  await db`
    /* identity:erase-other-separations */
    delete from separation where workspace_id = ${workspaceId} and other_contact_id = any(${ids}::bigint[])`
  await db`
    /* identity:erase-refusals */
    delete from refusal where workspace_id = ${workspaceId} and person_id = any(${ids}::bigint[])`
  // Secondaries first: at the end of each statement nothing may point at what is gone.
  await db`
    /* identity:erase-secondaries */
    delete from contact where workspace_id = ${workspaceId} and id = any(${ids}::bigint[]) and linked_id is not null`
  await db`
    /* identity:erase-contacts */
    delete from contact where workspace_id = ${workspaceId} and id = any(${ids}::bigint[])`
}
