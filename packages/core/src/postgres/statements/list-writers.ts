import type { Client } from '../client.ts'

/**
 * The transactions under way, of all workspaces, that may write contacts: by the locks that each takes before it looks at a
 * workspace's rules, and keeps until it has ended. On a distributed database, those of this node.
 */
export async function listWriters(db: Client): Promise<string[]> {
  const rows = await db<Array<{ id: string }>>`
    /* identity:list-writers */
    with held as materialized (
      select virtualtransaction as id, locktype, mode,
        database = (select oid from pg_database where datname = current_database())
          and relation = 'contact'::regclass as is_contact
      from pg_locks where granted and pid <> pg_backend_pid()
    )
    select distinct id from held
    where is_contact and mode in ('RowShareLock', 'RowExclusiveLock')
      or is_contact and mode = 'AccessShareLock'
        and id in (select id from held where locktype = 'transactionid' and mode = 'ExclusiveLock')`
  return rows.map(({ id }) => id)
}
