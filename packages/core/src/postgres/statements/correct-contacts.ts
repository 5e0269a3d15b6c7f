import type { Contact } from '../../contact.ts'
import type { Client } from '../client.ts'
import { someAtATime } from './some-at-a-time.ts'

/** Writes what a correction may change of contacts: their links, whether they are deleted, and what is released. */
export async function correctContacts(
  db: Client,
  workspaceId: number,
  contacts: readonly Contact[],
  at: Date,
): Promise<void> {
  for (const some of someAtATime(contacts)) {
    const ids = some.map(({ id }) => id)
    const releases = some.map(({ emailReleased, phoneReleased }) => releaseCode(emailReleased, phoneReleased))
    const deletedMs = some.map(({ deletedAt }) => deletedAt?.getTime() ?? null)
    await db`
      /* identity:correct-contacts */
      update contact set
        linked_id = (${some.map(({ linkedId }) => linkedId)}::bigint[])[array_position(${ids}::bigint[], id)],
        link_precedence = (${some.map(({ linkPrecedence }) => linkPrecedence)}::text[])[array_position(${ids}::bigint[], id)],
        released = (${releases}::text[])[array_position(${ids}::bigint[], id)],
        deleted_at = 'epoch'::timestamptz
          + (${deletedMs}::bigint[])[array_position(${ids}::bigint[], id)] * interval '1 millisecond',
        updated_at = ${at}
      where workspace_id = ${workspaceId} and id = any(${ids}::bigint[])`
  }
}

function releaseCode(emailReleased = false, phoneReleased = false): 'both' | 'email' | 'phone' | null {
  if (emailReleased) return phoneReleased ? 'both' : 'email'
  return phoneReleased ? 'phone' : null
}
