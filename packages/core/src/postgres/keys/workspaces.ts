import { IdentityError } from '../../errors.ts'
import type { Client } from '../client.ts'
import { codeOf } from '../retry.ts'

/** One shop's separate world of persons. */
export interface Workspace {
  readonly id: number
  readonly name: string
  readonly createdAt: Date
}

const NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/
const UNIQUE_VIOLATION = '23505'
/** Each loss means that another workspace was made at the same moment. */
const MAX_RACES = 20

/**
 * The workspace of that name, made if there is none.
 * @throws IdentityError `invalid_request` where it is no name
 */
export async function findOrCreateWorkspace(db: Client, name: string): Promise<Workspace & { isNew: boolean }> {
  if (!NAME.test(name)) {
    const detail = `A workspace's name has 1 to 63 lower-case letters, digits and inner dashes; found ${JSON.stringify(name)}.`
    throw new IdentityError('invalid_request', detail)
  }
  for (let race = 1; ; race++) {
    const found = await findWorkspace(db, name)
    if (found) return { ...found, isNew: false }
    const made = await insertWorkspace(db, name).catch((error) => {
      if (codeOf(error) !== UNIQUE_VIOLATION || race === MAX_RACES) throw error
      return undefined
    })
    if (made) return { ...made, isNew: true }
  }
}

/** The workspace of that name, or null. */
export async function findWorkspace(db: Client, name: string): Promise<Workspace | null> {
  const [found] = await db<Workspace[]>`
    /* identity:find-workspace */
    select id, name, created_at as "createdAt" from workspace where name = ${name}`
  return found ?? null
}

async function insertWorkspace(db: Client, name: string): Promise<Workspace | undefined> {
  const [row] = await db<Workspace[]>`
    /* identity:insert-workspace */
    insert into workspace (id, name) select coalesce(max(id), 0) + 1, ${name} from workspace
    returning id, name, created_at as "createdAt"`
  return row
}

/** All workspaces, oldest first, each with the number of its keys that work. */
export async function listWorkspaces(db: Client): Promise<Array<Workspace & { usableKeys: number }>> {
  return db<Array<Workspace & { usableKeys: number }>>`
    /* identity:list-workspaces */
    select w.id, w.name, w.created_at as "createdAt",
      (select count(*)::int from api_key k
        where k.workspace_id = w.id and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
      ) as "usableKeys"
    from workspace w order by w.id`
}
