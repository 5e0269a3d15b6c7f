// An app that keeps persons in its own PostgreSQL and reads the tables with its own Drizzle.
import { canonicalRequest, type IdentityStore } from '@identity/core'
import { migrate, Pool, PostgresStore, type RetryEvent } from '@identity/core/postgres'
import { contact } from '@identity/core/schema'
import { eq } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import type { Equal } from './equal.js'

const url = process.env.DATABASE_URL ?? ''
await migrate(url, { lockTimeoutMs: 10_000 })
const pool = new Pool(url)
const store: IdentityStore = new PostgresStore(pool, {
  onRetry: (event) => void (true satisfies Equal<typeof event, RetryEvent>),
})
await store.identify(1, [canonicalRequest({ email: 'ann@shop.example' }), canonicalRequest({ phoneNumber: 123 })])
await pool.end()

const client = postgres(url)
const rows = await drizzle(client).select().from(contact).where(eq(contact.email, 'ann@shop.example'))
true satisfies Equal<(typeof rows)[number]['linkPrecedence'], 'primary' | 'secondary'>
true satisfies Equal<(typeof rows)[number]['id'], number>
console.log(JSON.stringify(rows.map(({ id, email, linkPrecedence }) => ({ id, email, linkPrecedence }))))
await client.end()
