import { createTestDatabase, type TestDatabase } from '@identity/testkit'
import { expect, it } from 'vitest'
import { runHistories } from '../../src/run-histories.ts'
import { startOwnEngine } from './callers.ts'

const HISTORIES = 40

/** Makes PostgreSQL itself report a failure, now and then, at a statement or at COMMIT. */
async function injectError({ db }: TestDatabase, code: string, place: 'statement' | 'COMMIT'): Promise<void> {
  await db.unsafe(`
    create function fail() returns trigger language plpgsql as $$
    begin
      if random() < 0.1 then raise exception 'injected' using errcode = '${code}'; end if;
      return null;
    end $$`)
  const kind = place === 'COMMIT' ? 'constraint trigger' : 'trigger'
  const when = place === 'COMMIT' ? 'deferrable initially deferred' : ''
  await db.unsafe(`create ${kind} fail after insert or update on contact ${when} for each row execute function fail()`)
}

// A disk that is really full cannot be had without root; what PostgreSQL says then can.
it.each<[what: string, code: string, place: 'statement' | 'COMMIT']>([
  ['a serialization failure', '40001', 'statement'],
  ['a serialization failure', '40001', 'COMMIT'],
  ['an internal error, as Citus reports one', 'XX000', 'COMMIT'],
  ['a deadlock', '40P01', 'statement'],
  ['a statement time-out', '57014', 'statement'],
  ['a full disk', '53100', 'statement'],
])('%s (%s) at a %s: every call is answered, and rightly', async (_, code, place) => {
  await using database = await createTestDatabase()
  await injectError(database, code, place)
  await using a = startOwnEngine(database.url)
  await using b = startOwnEngine(database.url)
  await runHistories({
    processes: { A: a.send, B: b.send },
    seed: 1,
    goesOn: (histories) => histories < HISTORIES,
    asksAgain: true,
    concurrency: 4,
  })
  expect([...a.repeated, ...b.repeated]).toContain(code)
})
