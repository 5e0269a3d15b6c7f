import { randomUUID } from 'node:crypto'
import type { Contact } from '@identity/core'
import { type Client, openClient, Pool } from '@identity/core/postgres'
import postgres from 'postgres'
import { inject } from 'vitest'

export const TEMPLATE = 'identity_template'

/** A database of one test's own: migrated, empty, and gone afterwards. */
export interface TestDatabase extends AsyncDisposable {
  readonly url: string
  /** A connection for the test's own statements. */
  readonly db: Client
  /** Connections for a store under test. */
  readonly pool: Pool
}

export interface TestDatabaseOptions {
  /** Whether to leave out the migrations. @default false */
  readonly empty?: boolean
  /** Empty, and with text in the order of this language, as `en-US`. @default in the order of code points */
  readonly language?: string
}

/** Use with `await using`. */
export async function createTestDatabase({ empty, language }: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await using cluster = connectToCluster()
  const order = language ? `locale_provider icu icu_locale '${language}'` : ''
  await cluster.run(`create database ${name} template ${empty || language ? 'template0' : TEMPLATE} ${order}`)
  const url = new URL(`/${name}`, inject('postgresUrl')).href
  const db = openClient(url)
  const pool = new Pool(url)
  return {
    url,
    db,
    pool,
    async [Symbol.asyncDispose]() {
      await Promise.all([db.end({ timeout: 1 }), pool.end()])
      await using cluster = connectToCluster()
      await cluster.run(`drop database ${name} with (force)`)
    },
  }
}

/** Takes a database away from all who use it, until the returned function brings it back. */
export async function takeAway(database: TestDatabase): Promise<() => Promise<void>> {
  const name = new URL(database.url).pathname.slice(1)
  await using cluster = connectToCluster()
  await cluster.run(`alter database ${name} allow_connections false`)
  await cluster.run(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`)
  return async () => {
    await using cluster = connectToCluster()
    await cluster.run(`alter database ${name} allow_connections true`)
  }
}

/** A connection beside all test databases, for what cannot be done from inside one. Use with `await using`. */
export function connectToCluster() {
  const sql = postgres(new URL('/postgres', inject('postgresUrl')).href, { max: 1, onnotice: () => {} })
  return {
    run: async (statement: string): Promise<void> => {
      await sql.unsafe(statement)
    },
    [Symbol.asyncDispose]: () => sql.end(),
  }
}

/** All contacts of a workspace by id, as the in-memory store would give them. */
export async function allContacts(db: Client, workspaceId = 1): Promise<Contact[]> {
  return db<Contact[]>`
    select id, phone_number as "phoneNumber", email, linked_id as "linkedId", link_precedence as "linkPrecedence",
      created_at as "createdAt", updated_at as "updatedAt", deleted_at as "deletedAt"
    from contact where workspace_id = ${workspaceId} order by id`
}
