import { join } from 'node:path'
import { migrate } from '@identity/core/postgres'
import postgres, { type Sql } from 'postgres'

/** COPY of the rows that an import left. */
export interface CopyRun {
  readonly contacts: number
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
 * Copies contacts and identifiers of one database into an empty one with the same indexes and constraints, in one
 * transaction. Contacts are in order of age, primaries first, as PostgreSQL would load them best, and PostgreSQL reads
 * the files itself, so that no client slows it.
 */
export async function copyRows(fromUrl: string, toUrl: string): Promise<CopyRun> {
  const { counts, contactFile, identifierFile } = await copyOut(fromUrl)
  await using sql = connect(toUrl)
  const startedAt = performance.now()
  await sql.db`begin`
  await sql.db.unsafe(`copy contact from '${contactFile}'`)
  await sql.db.unsafe(`copy identifier from '${identifierFile}'`)
  await sql.db`commit`
  return { ...counts, seconds: (performance.now() - startedAt) / 1000 }
}

async function copyOut(url: string) {
  await using sql = connect(url)
  // The one folder where PostgreSQL may write for sure.
  const [{ folder }] = await sql.db<[{ folder: string }]>`select current_setting('data_directory') as folder`
  const [contactFile, identifierFile] = [join(folder, 'contact.tsv'), join(folder, 'identifier.tsv')]
  await sql.db.unsafe(`copy (select * from contact order by linked_id is not null, id) to '${contactFile}'`)
  await sql.db.unsafe(`copy (select * from identifier order by contact_id) to '${identifierFile}'`)
  const [counts] = await sql.db<[{ contacts: number; identifiers: number }]>`
    select (select count(*)::int from contact) as contacts, (select count(*)::int from identifier) as identifiers`
  return { counts, contactFile, identifierFile }
}

function connect(url: string): AsyncDisposable & { readonly db: Sql } {
  const db = postgres(url, { max: 1, onnotice: () => {} })
  return { db, [Symbol.asyncDispose]: () => db.end() }
}
