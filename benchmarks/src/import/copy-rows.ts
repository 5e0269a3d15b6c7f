import { createReadStream, createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
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
 * Copies contacts and identifiers of one database into an empty one with the same indexes and constraints, from files,
 * in one transaction. Contacts are in order of age, primaries first, as PostgreSQL would load them best.
 */
export async function copyRows(fromUrl: string, toUrl: string, folder: string): Promise<CopyRun> {
  const [contactFile, identifierFile] = [join(folder, 'contact.tsv'), join(folder, 'identifier.tsv')]
  const counts = await copyOut(fromUrl, contactFile, identifierFile)
  await using sql = connect(toUrl)
  const startedAt = performance.now()
  await sql.db`begin`
  await copyIn(sql.db, 'contact', contactFile)
  await copyIn(sql.db, 'identifier', identifierFile)
  await sql.db`commit`
  return { ...counts, seconds: (performance.now() - startedAt) / 1000 }
}

async function copyOut(url: string, contactFile: string, identifierFile: string) {
  await using sql = connect(url)
  const contacts = 'select * from contact order by linked_id is not null, id'
  for (const [query, file] of [
    [contacts, contactFile],
    ['select * from identifier order by contact_id', identifierFile],
  ] as const) {
    await pipeline(await sql.db.unsafe(`copy (${query}) to stdout`).readable(), createWriteStream(file))
  }
  const [counts] = await sql.db<[{ contacts: number; identifiers: number }]>`
    select (select count(*)::int from contact) as contacts, (select count(*)::int from identifier) as identifiers`
  return counts
}

async function copyIn(db: Sql, table: string, file: string): Promise<void> {
  await pipeline(createReadStream(file), await db.unsafe(`copy ${table} from stdin`).writable())
}

function connect(url: string): AsyncDisposable & { readonly db: Sql } {
  const db = postgres(url, { max: 1, onnotice: () => {} })
  return { db, [Symbol.asyncDispose]: () => db.end() }
}
