import type { RecordedEvent } from '@identity/core'
import { openClient, Pool, PostgresStore, verify } from '@identity/core/postgres'
import { startEmbeddedPostgres } from '@identity/embedded-postgres'
import { allContacts, personsOf, replay, startServer } from '@identity/testkit'
import { expect, it } from 'vitest'
import { postmasterPid } from '../../../embedded-postgres/test/support/processes.ts'
import { temporaryFolder } from '../../../embedded-postgres/test/support/temporary-folder.ts'
import { type LoggedAsked, type LoggedCall, story } from '../../src/logged/call.ts'
import { nextAsked, type Seen } from '../../src/logged/next-asked.ts'
import { readLog } from '../../src/logged/read-log.ts'
import { send } from '../../src/logged/send.ts'
import { callsOneByOne, callsThatCount } from '../../src/logged/specification.ts'
import { storeOverHttp } from '../../src/logged/store-over-http.ts'
import { Random } from '../../src/random.ts'
import { searchOrder } from '../../src/search-order.ts'
import { bars } from '../../src/timeline.ts'

const HISTORIES_AT_ONCE = 4
const CALLERS_EACH = 2
const MAX_CALLS_EACH = 12
const MAX_STEPS = 200_000

/** What is killed, one after the other, each under calls of its own. */
const KILLS = ['server, at a random moment', 'server, while a correction is at COMMIT', 'postgres'] as const
/** Holds up every COMMIT of a correction. */
const HOLD = 7

/** A few persons, and all calls about them. */
class History {
  readonly calls: LoggedCall[] = []
  readonly #seen: Seen = { persons: [], deleted: [], merges: [] }
  readonly #random: Random
  readonly #namespace: string

  constructor(seed: number) {
    this.#random = new Random(seed)
    this.#namespace = String(seed).padStart(7, '0')
  }

  next(): LoggedAsked {
    return nextAsked(this.#random, this.#seen, this.#namespace)
  }

  /** @returns whether an answer came */
  async call(url: string, asked: LoggedAsked): Promise<boolean> {
    const requestId = `call-${this.#namespace}-${this.calls.length}`
    const call = { asked, requestId, process: 'A', startedAt: performance.now() }
    // Its place now, so that none after it has the same id.
    const place = this.calls.push({ ...call, told: null, endedAt: Number.POSITIVE_INFINITY }) - 1
    const told = await send(storeOverHttp(url), asked, requestId).catch(() => null)
    if (!told) return false
    this.calls[place] = { ...call, told, endedAt: performance.now() }
    if ('persons' in told) this.#seen.persons.push(...told.persons)
    if (asked.type === 'delete') this.#seen.deleted.push(asked.contactId)
    return true
  }

  /** Those of its own merges that can be undone. */
  learnMerges(events: readonly RecordedEvent[]): void {
    const ids = new Set(this.#seen.persons.flatMap((one) => [one.primaryContactId, ...one.secondaryContactIds]))
    for (const event of events) {
      if (event.type === 'persons.merged' && ids.has(event.personId)) this.#seen.merges.push(event.id)
    }
  }
}

it('kill -9 of a server and of PostgreSQL under corrections: each is done wholly or not at all, and what was answered is done', async () => {
  await using folder = temporaryFolder()
  await using cleanup = new AsyncDisposableStack()
  let postgres = await startEmbeddedPostgres({ dataDir: folder.dataDir })
  cleanup.defer(() => postgres.stop())
  const { url } = postgres
  const env = { DATABASE_URL: url, REQUEST_TIMEOUT_MS: '60000' }
  let server = await startServer(env)
  cleanup.defer(async () => void (await server.stop()))
  const db = openClient(url)
  cleanup.defer(() => db.end({ timeout: 1 }))
  const pool = new Pool(url)
  cleanup.defer(() => pool.end())
  const store = new PostgresStore(pool, { timeoutMs: 60_000 })
  await db.unsafe(`
    create function hold_correction() returns trigger language plpgsql as $$
    begin
      if new.events::text !~ 'person.created|contact.added|persons.merged' then
        perform pg_advisory_xact_lock_shared(${HOLD});
      end if;
      return null;
    end $$;
    create constraint trigger hold_correction after insert on change deferrable initially deferred
      for each row execute function hold_correction()`)
  await db`insert into policy (workspace_id, has_separations, updated_at) values (1, true, 'epoch')`

  async function killServer(): Promise<void> {
    await server.stop('SIGKILL')
    server = await startServer(env)
  }
  const kill: Readonly<Record<(typeof KILLS)[number], () => Promise<void>>> = {
    'server, at a random moment': killServer,
    async 'server, while a correction is at COMMIT'() {
      await db`select pg_advisory_lock(${HOLD})`
      const waiting = () => db`select from pg_locks where locktype = 'advisory' and not granted`
      while ((await waiting()).length === 0);
      await server.stop('SIGKILL')
      await db`select pg_advisory_unlock(${HOLD})`
      server = await startServer(env)
    },
    async postgres() {
      process.kill(postmasterPid(folder.dataDir)!, 'SIGKILL')
      await postgres.died
      await postgres.stop()
      postgres = await startEmbeddedPostgres({ dataDir: folder.dataDir })
      expect(postgres.url).toBe(url)
    },
  }

  const random = new Random(Date.now() % 2 ** 31)
  const histories: History[] = []
  for (const what of KILLS) {
    const round = Array.from({ length: HISTORIES_AT_ONCE }, (_, n) => new History(histories.length + n))
    histories.push(...round)
    const callsUntilKill = 20 + random.below(40)
    let answered = 0
    let killed: Promise<void> | undefined
    const callers = round.flatMap((history) =>
      Array.from({ length: CALLERS_EACH }, async () => {
        for (let n = 0; n < MAX_CALLS_EACH; n++) {
          if (!(await history.call(server.url, history.next()))) return
          if (++answered === callsUntilKill) killed = kill[what]()
          if (n % 4 === 3) history.learnMerges(await readLog(store))
        }
      }),
    )
    await Promise.all(callers)
    await killed
    // What was not answered, done or not, is asked for once more: where it was done, that is refused, or changes nothing.
    for (const history of round) {
      for (const { asked, told } of [...history.calls]) {
        if (!told) expect(await history.call(server.url, asked)).toBe(true)
      }
    }
  }

  const { findings } = await verify(db)
  expect(findings.filter(({ level, count }) => level === 'fault' && count > 0)).toEqual([])
  const log = await readLog(store)
  expect(replay(log)).toEqual(personsOf(await allContacts(db)))
  const specification = callsOneByOne(log)
  for (const { calls } of histories) {
    const order = searchOrder(callsThatCount(calls, log), specification, MAX_STEPS)
    expect(order ? null : bars(calls, story).join('\n')).toBeNull()
  }
  const doneUnanswered = histories.flatMap(({ calls }) => callsThatCount(calls, log).filter(({ told }) => !told))
  expect(doneUnanswered.filter(({ asked }) => asked.type !== 'identify').length).toBeGreaterThan(0)
})
