import type { KeyHolder } from '../../access.ts'
import type { Client } from '../client.ts'

/** Keys by their hashes; the database's clock says which have expired, so that all servers agree. */
export async function readKeys(db: Client, hashes: readonly string[]): Promise<Map<string, KeyHolder>> {
  const rows = await db<Array<KeyHolder & { hash: string }>>`
    /* identity:read-keys */
    select hash, id as "keyId", workspace_id as "workspaceId", scope,
      case when revoked_at is not null then 'revoked' when expires_at <= now() then 'expired' else 'usable' end as state
    from api_key where hash = any(${[...hashes]}::text[])`
  return new Map(rows.map(({ hash, ...holder }) => [hash, holder]))
}

/** True once a key was made, whatever became of it: to revoke the last one must not open the service to all. */
export async function hasKeys(db: Client): Promise<boolean> {
  const [row] = await db<[{ exists: boolean }]>`/* identity:has-keys */ select exists (select from api_key)`
  return row.exists
}
