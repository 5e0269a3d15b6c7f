import { createTestDatabase } from '@identity/testkit'
import { it } from 'vitest'
import { runHistories } from '../../src/run-histories.ts'
import { startOwnEngine } from './callers.ts'

/** What a later version may do to the tables while this one still runs: expand. It contracts when this one is gone. */
const EXPANSIONS = [
  'alter table contact add column note text',
  "alter table contact add column source text not null default 'orders'",
  'alter table contact add column first_seen timestamptz default now()',
  'alter table contact add constraint note_is_short check (length(note) < 100) not valid',
  'alter table contact validate constraint note_is_short',
  'create index concurrently contact_created_at_idx on contact (workspace_id, created_at)',
  'create table label (workspace_id integer, contact_id bigint, text text, primary key (workspace_id, contact_id, text))',
]
const HISTORIES_BETWEEN = 20

it('the migration of a later version, while this version runs: every call is answered, and rightly', async () => {
  await using database = await createTestDatabase()
  await using a = startOwnEngine(database.url)
  await using b = startOwnEngine(database.url)
  const left = [...EXPANSIONS]
  let migrating: Promise<unknown> = Promise.resolve()
  const goesOn = (histories: number) => {
    if (histories % HISTORIES_BETWEEN === 0) {
      const next = left.shift()
      if (next) migrating = migrating.then(() => database.db.unsafe(next))
    }
    return left.length > 0 || histories % HISTORIES_BETWEEN > 0
  }
  await runHistories({ processes: { A: a.send, B: b.send }, seed: 1, goesOn, asksAgain: true })
  await migrating
})
