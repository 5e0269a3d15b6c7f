import { type Client, openClient } from './client.ts'
import type { Pool } from './pool.ts'
import { codeOf } from './retry.ts'
import { begin, commit, inOneGo } from './transaction.ts'

/*
 * The second line behind the statements' own `workspace_id = …`: row-level security on every table of a
 * workspace's persons and events. The policies let through what is of the workspace in the setting `identity.workspace`,
 * and all where it is not set, as for a person with psql, or a command. An isolated connection has it set from the start, to no workspace at all.
 * docs/decisions/0018-row-level-security-is-the-second-line.md
 */

/** Row-level security does not bind superusers: their connections take this role, which may do no more than serve. */
const SERVICE_ROLE = 'identity_service'
const NO_WORKSPACE = 0
const DUPLICATE_ROLE = ['42710', '23505']
const INSUFFICIENT_PRIVILEGE = '42501'

/** How the connections of a server are kept to one workspace at a time. */
export interface Isolation {
  /** The role that they take; undefined where the user itself is bound by the policies. */
  readonly role: string | undefined
  /** False for a user who is exempt, and may not make the role: the statements' own conditions are then all there is. */
  readonly isEffective: boolean
}

/** The workspace that a connection is set to; isolated connections only. */
const workspaceOf = new WeakMap<Client, number>()

/** What an isolated connection starts with. */
export function isolationSettings({ role }: Isolation): Record<string, string> {
  return { 'identity.workspace': String(NO_WORKSPACE), ...(role && { role }) }
}

export function markIsolated(client: Client): void {
  workspaceOf.set(client, NO_WORKSPACE)
}

/**
 * Gives the work a connection, as `pool.use` does, that reaches rows of this workspace only. Where the connection was last
 * used for another one, the change travels in front of the work, in the same round trip.
 */
export function inWorkspace<T>(pool: Pool, workspaceId: number, work: (client: Client) => Promise<T>): Promise<T> {
  return pool.use(async (client) => {
    const current = workspaceOf.get(client)
    if (current === undefined || current === workspaceId) return work(client)
    workspaceOf.set(client, NO_WORKSPACE)
    const setting = setWorkspace(client, workspaceId)
    const working = work(client)
    // What the work did counts only if the setting came to be: then it had its rows, and not those of another workspace.
    // Either way it is waited for: it must send nothing more once somebody else has the connection.
    await inOneGo([setting, working])
    workspaceOf.set(client, workspaceId)
    return working
  })
}

/**
 * Gives the work a connection for one statement about all workspaces: such as says which of them something is to be done
 * for, and reads nothing of any person. On an isolated connection, for the length of its transaction.
 */
export function acrossWorkspaces<T>(pool: Pool, work: (client: Client) => Promise<T>): Promise<T> {
  return pool.use(async (client) => {
    if (!workspaceOf.has(client)) return work(client)
    const [, , result] = await Promise.all([begin(client), leaveWorkspace(client), work(client), commit(client)])
    return result
  })
}

async function leaveWorkspace(client: Client): Promise<void> {
  await client`/* identity:leave-workspace */ select set_config('identity.workspace', '', true)`
}

async function setWorkspace(client: Client, workspaceId: number): Promise<void> {
  await client`/* identity:set-workspace */ select set_config('identity.workspace', ${String(workspaceId)}, false)`
}

/** Makes the role that superusers' connections take, and lets it use the tables. Part of each migration. */
export async function prepareServiceRole(db: Client): Promise<void> {
  if (!(await isExempt(db))) return
  if (!(await isThere(db))) await createRole(db)
  if (!(await mayTakeRole(db))) return
  await db.unsafe(`grant usage on schema public to ${SERVICE_ROLE}`)
  await db.unsafe(`grant select, insert, update, delete on all tables in schema public to ${SERVICE_ROLE}`)
  await db.unsafe(`grant usage, select, update on all sequences in schema public to ${SERVICE_ROLE}`)
  // Health checks ask whether the schema is this version's.
  await db.unsafe(`grant usage on schema drizzle to ${SERVICE_ROLE}`)
  await db.unsafe(`grant select on drizzle.__drizzle_migrations to ${SERVICE_ROLE}`)
}

async function createRole(db: Client): Promise<void> {
  try {
    await db.unsafe(`create role ${SERVICE_ROLE} nologin`)
  } catch (error) {
    // Roles are the whole cluster's: another database's server may have made it since.
    if (![...DUPLICATE_ROLE, INSUFFICIENT_PRIVILEGE].includes(codeOf(error))) throw error
  }
}

/** How to isolate connections as this user, on a database that is migrated. */
export async function readIsolation(url: string): Promise<Isolation> {
  const client = openClient(url)
  try {
    if (!(await isExempt(client))) return { role: undefined, isEffective: true }
    const isEffective = await mayTakeRole(client)
    return { role: isEffective ? SERVICE_ROLE : undefined, isEffective }
  } finally {
    await client.end({ timeout: 1 })
  }
}

async function isExempt(db: Client): Promise<boolean> {
  const [row] = await db<[{ exempt: boolean }]>`
    select rolsuper or rolbypassrls as exempt from pg_roles where rolname = current_user`
  return row.exempt
}

/** Asked first, as PostgreSQL logs an error for each attempt to make a role that it has. */
async function isThere(db: Client): Promise<boolean> {
  return (await db`select from pg_roles where rolname = ${SERVICE_ROLE}`).length > 0
}

async function mayTakeRole(db: Client): Promise<boolean> {
  const rows =
    await db`select from pg_roles where rolname = ${SERVICE_ROLE} and pg_has_role(current_user, oid, 'member')`
  return rows.length > 0
}
