import { randomUUID } from 'node:crypto'
import type { Contact } from '@identity/core'
import { type ConnectOptions, connect, type Database } from '@identity/core/postgres'
import postgres from 'postgres'
import { inject } from 'vitest'

export const TEMPLATE = 'identity_template'

/** A database of one test's own: migrated, empty, and gone afterwards. */
export interface TestDatabase extends AsyncDisposable {
  readonly url: string
  readonly db: Database
}

/** Use with `await using`. `empty: true` leaves out the migrations. */
export async function createTestDatabase(options: ConnectOptions & { empty?: boolean } = {}): Promise<TestDatabase> {
  const templateUrl = new URL(inject('postgresUrl'))
  const name = `test_${randomUUID().replaceAll('-', '')}`
  const adminUrl = new URL('/postgres', templateUrl).href
  await withAdmin(adminUrl, (sql) =>
    sql.unsafe(`create database ${name} template ${options.empty ? 'template0' : TEMPLATE}`),
  )
  const url = new URL(`/${name}`, templateUrl).href
  const db = connect(url, options)
  return {
    url,
    db,
    async [Symbol.asyncDispose]() {
      await db.end({ timeout: 1 })
      await withAdmin(adminUrl, (sql) => sql.unsafe(`drop database ${name} with (force)`))
    },
  }
}

async function withAdmin(url: string, work: (sql: postgres.Sql) => Promise<unknown>): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  try {
    await work(sql)
  } finally {
    await sql.end()
  }
}

/** All contacts of a workspace by id, as the in-memory store would give them. */
export async function allContacts(db: Database, workspaceId = 1): Promise<Contact[]> {
  return db<Contact[]>`
    select id, phone_number as "phoneNumber", email, linked_id as "linkedId", link_precedence as "linkPrecedence",
      created_at as "createdAt", updated_at as "updatedAt", deleted_at as "deletedAt"
    from contact where workspace_id = ${workspaceId} order by id`
}
