import type { RuleStore } from '@identity/core'
import { applyBlocks, Pool, PostgresStore } from '@identity/core/postgres'
import { createTestDatabase, type TestDatabase } from '@identity/testkit'
import type { LoggedCall } from '../src/logged/call.ts'
import { readLog } from '../src/logged/read-log.ts'
import type { RuleChanges } from '../src/logged/rule-changes.ts'
import { type LoggedRunOptions, runLoggedHistories, type StoreUnderTest } from '../src/logged/run.ts'
import type { CoreParts } from '../src/simulation/process.ts'

/** What changes rules while histories run. */
export interface Ruler {
  /** Those of one of the servers. */
  readonly rules: RuleStore
  /** Applies all block rules at once, which a server does once they are a second older. @returns whether to everybody */
  applyBlocks(): Promise<boolean>
}

export interface TwoStoresOptions
  extends Pick<LoggedRunOptions, 'rules' | 'isBlocked' | 'next' | 'histories' | 'concurrency'> {
  readonly seed: number
  readonly parts?: CoreParts
  /** A server in a store's place. */
  readonly wrap?: (store: PostgresStore) => StoreUnderTest
  /** What goes on after its answer. */
  readonly late?: ReadonlyArray<Promise<unknown>>
  /** Makes the rules that the workspace starts with. They are older than anybody's copy, so that nobody waits for them. */
  readonly prepare?: (db: TestDatabase['db']) => Promise<unknown>
  /** @default nothing is changed */
  readonly meanwhile?: (changes: RuleChanges, ruler: Ruler) => Promise<void>
}

/** Histories over two servers on one database. */
export async function runOnTwoStores({
  parts = { Pool, PostgresStore, applyBlocks },
  wrap = (store) => store,
  late = [],
  prepare,
  meanwhile,
  ...options
}: TwoStoresOptions): Promise<LoggedCall[]> {
  await using database = await createTestDatabase()
  await using cleanup = new AsyncDisposableStack()
  const pools = [0, 1].map(() => {
    const pool = new parts.Pool(database.url)
    cleanup.defer(() => pool.end())
    return pool
  })
  const [A, B] = pools.map((pool) => new parts.PostgresStore(pool, { timeoutMs: 60_000 }))
  // From now on merges look for separations, so that making one waits for nothing.
  await database.db`insert into policy (workspace_id, has_separations, updated_at) values (1, true, 'epoch')`
  await prepare?.(database.db)
  const ruler: Ruler = {
    rules: A!.rules,
    async applyBlocks() {
      await database.db`update block_rule set created_at = 'epoch'`
      const application = parts.applyBlocks(pools[0]!, 1, { patienceMs: 10_000 })
      for (;;) {
        const { done, value } = await application.next()
        if (done) return value === 'done'
      }
    },
  }
  return await runLoggedHistories({
    ...options,
    ...(meanwhile && { meanwhile: (changes) => meanwhile(changes, ruler) }),
    stores: { A: wrap(A!), B: wrap(B!) },
    async events() {
      await Promise.all(late)
      return readLog(A!)
    },
  })
}

/** What was asked for and what came of it: `split done`, `identify refused`, `preview email-limit`. */
export function kindsOf(calls: readonly LoggedCall[]): Set<string> {
  return new Set(calls.map(kindOf))
}

function kindOf({ asked, told }: LoggedCall): string {
  if (told && 'refused' in told) return `${asked.type} ${told.refused}`
  if (told && 'foreseen' in told) return `preview ${told.reason ?? told.foreseen.outcome}`
  return `${asked.type} ${told && 'persons' in told && told.outcomes?.includes('refused') ? 'refused' : 'done'}`
}
