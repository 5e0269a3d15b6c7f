import type { TestDatabase } from '@identity/testkit'

/** Holds up every write until released. */
export async function holdWrites({ db }: TestDatabase) {
  await db`begin`
  await db`lock table contact in share mode`
  return {
    /** Waits until so many transactions do. */
    async waitingTransactions(count: number): Promise<void> {
      const waiting = () => db`select 1 from pg_locks where not granted and relation = 'contact'::regclass`
      while ((await waiting()).length < count);
    },
    async release(): Promise<void> {
      await db`rollback`
    },
  }
}
