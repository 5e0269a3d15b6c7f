import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { startTunedPostgres } from '@identity/embedded-postgres'
import postgres, { type Sql } from 'postgres'

/** Whose tables a database has. */
export type SchemaName = 'service' | 'peer'

/** A PostgreSQL of the benchmark's own. */
export interface Cluster extends AsyncDisposable {
  readonly version: string
  /** Of the process that the others descend from. */
  readonly pid: number
  /** How to connect to a database of it. */
  urlOf(database: string): string
  /** Runs a statement outside every database that is measured. */
  run(statement: string): Promise<void>
  /** Starts or ends the counting of statements, in connections that are open, too. */
  setCounting(isOn: boolean): Promise<void>
}

/**
 * Its counting is off but for the runs that are not measured. BEGIN and COMMIT are left out: it misses those that are
 * prepared.
 */
const SETTINGS = { shared_preload_libraries: 'pg_stat_statements', 'pg_stat_statements.track_utility': 'off' }
/** Until every connection has heard of a new setting. */
const RELOAD_MS = 100

/**
 * Starts it as the service would, with the settings for this machine, and so that a commit waits for the disk; and with
 * the means to count statements. Use with `await using`.
 */
export async function startCluster(folder: string): Promise<Cluster> {
  const embedded = await startTunedPostgres({ dataDir: join(folder, 'data'), settings: SETTINGS })
  const sql = postgres(embedded.url, { max: 1, onnotice: () => {} })
  async function stop() {
    await sql.end({ timeout: 5 })
    await embedded.stop()
  }
  try {
    const [row] = await sql<[{ version: string; folder: string }]>`
      select current_setting('server_version') as version, current_setting('data_directory') as folder`
    await setCounting(sql, false)
    return {
      version: row.version,
      pid: Number(readFileSync(join(row.folder, 'postmaster.pid'), 'utf8').split('\n', 1)[0]),
      urlOf: (database) => new URL(`/${database}`, embedded.url).href,
      run: async (statement) => {
        await sql.unsafe(statement)
      },
      setCounting: (isOn) => setCounting(sql, isOn),
      [Symbol.asyncDispose]: stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

async function setCounting(sql: Sql, isOn: boolean): Promise<void> {
  await sql.unsafe(`alter system set pg_stat_statements.track = '${isOn ? 'all' : 'none'}'`)
  await sql`select pg_reload_conf()`
  await delay(RELOAD_MS)
}

/** What statements did in a database while they were counted. */
export interface StatementCounts {
  /** Without BEGIN and COMMIT. */
  statements: number
  /** Inserted, updated or deleted. */
  rowsWritten: number
}

/** A database under measurement. Use with `await using`. */
export interface Database extends AsyncDisposable {
  readonly url: string
  lastContactId(): Promise<number>
  countContactsAfter(id: number): Promise<number>
  /** What was counted since the last time. */
  takeStatementCounts(): Promise<StatementCounts>
}

export async function openDatabase(cluster: Cluster, name: string, schema: SchemaName): Promise<Database> {
  const url = cluster.urlOf(name)
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  await sql`create extension if not exists pg_stat_statements`
  // The service's key begins with the workspace; without it, each count would read the whole table.
  const all = schema === 'service' ? 'workspace_id = 1' : 'true'
  return {
    url,
    async lastContactId() {
      const [{ id }] = await sql.unsafe<[{ id: number }]>(
        `select coalesce(max(id), 0)::int as id from contact where ${all}`,
      )
      return id
    },
    async countContactsAfter(id) {
      const [{ count }] = await sql.unsafe<[{ count: number }]>(
        `select count(*)::int as count from contact where ${all} and id > ${id}`,
      )
      return count
    },
    takeStatementCounts: () => takeStatementCounts(sql),
    async [Symbol.asyncDispose]() {
      await sql.end({ timeout: 5 })
      await cluster.run(`drop database ${name} with (force)`)
    },
  }
}

async function takeStatementCounts(sql: Sql): Promise<StatementCounts> {
  const [counts] = await sql<[StatementCounts]>`
    select coalesce(sum(calls), 0)::int as statements,
      coalesce(sum(rows) filter (where query ~* ${String.raw`^(\s|/\*.*?\*/)*(insert|update|delete)\M`}), 0)::int as "rowsWritten"
    from pg_stat_statements
    where dbid = (select oid from pg_database where datname = current_database()) and query !~ 'pg_stat_statements'`
  await sql`select pg_stat_statements_reset(0, (select oid from pg_database where datname = current_database()), 0)`
  return { ...counts }
}
