import type { KeyScope, KeyState } from '../../access.ts'
import type { Client } from '../client.ts'
import { drawKey } from './secret.ts'
import { findOrCreateWorkspace, type Workspace } from './workspaces.ts'

/** A key as lists show it: all but the secret. */
export interface ApiKey {
  readonly id: string
  readonly workspace: string
  readonly name: string | null
  readonly scope: KeyScope
  readonly createdAt: Date
  readonly expiresAt: Date | null
  readonly revokedAt: Date | null
  /** As the database's clock sees it. */
  readonly state: KeyState
}

export interface NewKey {
  /** The workspace's name; it is made if there is none. */
  readonly workspace: string
  readonly scope: KeyScope
  /** Who is to hold it. */
  readonly name?: string | undefined
  /** When it ends by itself. @default never */
  readonly expiresAt?: Date | undefined
}

export interface CreatedKey {
  readonly id: string
  /** The whole key. It is nowhere else: show it once. */
  readonly key: string
  readonly workspace: Workspace & { readonly isNew: boolean }
}

/**
 * Makes a key.
 * @throws IdentityError `invalid_request` where the workspace's name is none
 */
export async function createKey(db: Client, { workspace: workspaceName, ...options }: NewKey): Promise<CreatedKey> {
  const workspace = await findOrCreateWorkspace(db, workspaceName)
  const { id, key, hash } = drawKey()
  await db`
    /* identity:insert-key */
    insert into api_key (id, workspace_id, name, scope, hash, expires_at)
    values (${id}, ${workspace.id}, ${options.name ?? null}, ${options.scope}, ${hash}, ${options.expiresAt ?? null})`
  return { id, key, workspace }
}

/** All keys, or one workspace's, oldest first. */
export async function listKeys(db: Client, { workspace }: { workspace?: string | undefined } = {}): Promise<ApiKey[]> {
  return db<ApiKey[]>`
    /* identity:list-keys */
    select k.id, w.name as workspace, k.name, k.scope, k.created_at as "createdAt", k.expires_at as "expiresAt",
      k.revoked_at as "revokedAt",
      case when k.revoked_at is not null then 'revoked' when k.expires_at <= now() then 'expired' else 'usable' end as state
    from api_key k join workspace w on w.id = k.workspace_id
    where ${workspace ?? null}::text is null or w.name = ${workspace ?? null}
    order by k.created_at, k.id`
}

/** Ends a key. @returns when, or null where there is no such key; one that was revoked before keeps its time */
export async function revokeKey(db: Client, id: string): Promise<Date | null> {
  const [row] = await db<Array<{ revokedAt: Date }>>`
    /* identity:revoke-key */
    update api_key set revoked_at = coalesce(revoked_at, now()) where id = ${id} returning revoked_at as "revokedAt"`
  return row?.revokedAt ?? null
}
