import { join } from 'node:path'
import { migrate } from '@identity/core/postgres'
import postgres, { type Sql } from 'postgres'

/** COPY of the rows that an import left. */
export interface CopyRun {
  readonly contacts: number
  /** Values that they claim. */
  readonly identifiers: number
  readonly seconds: number
}

/** A migrated database beside another. @returns its address */
export async function createEmptyDatabase(url: string, name: string): Promise<string> {
  await using sql = connect(url)
  await sql.db.unsafe(`create database ${name}`)
  const address = new URL(`/${name}`, url).href
  await migrate(address)
  return address
}

/**
 * Copies the contacts of one database into an empty one with the same indexes and constraints, in one
 * transaction. They are in order of age, primaries first, as PostgreSQL would load them best, and PostgreSQL reads
 * the file itself, so that no client slows it.
 */
export async function copyRows(fromUrl: string, toUrl: string): Promise<CopyRun> {
  const { counts, file } = await copyOut(fromUrl)
  await using sql = connect(toUrl)
  const startedAt = performance.now()
  await sql.db`begin`
  await sql.db.unsafe(`copy contact from '${file}'`)
  await sql.db`commit`
  return { ...counts, seconds: (performance.now() - startedAt) / 1000 }
}

async function copyOut(url: string) {
  await using sql = connect(url)
  // The one folder where PostgreSQL may write for sure.
  const [{ folder }] = await sql.db<[{ folder: string }]>`select current_setting('data_directory') as folder`
  const file = join(folder, 'contact.tsv')
  await sql.db.unsafe(`copy (select * from contact order by linked_id is not null, id) to '${file}'`)
  const [counts] = await sql.db<[{ contacts: number; identifiers: number }]>`
    select count(*)::int as contacts, (count(claimed) + count(*) filter (where claimed = 'both'))::int as identifiers
    from contact`
  return { counts, file }
}

function connect(url: string): AsyncDisposable & { readonly db: Sql } {
  const db = postgres(url, { max: 1, onnotice: () => {} })
  return { db, [Symbol.asyncDispose]: () => db.end() }
}
