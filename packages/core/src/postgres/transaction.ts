import type { ReservedSql } from 'postgres'
import type { Database } from './connection.ts'
import { isConnectionLost } from './retry.ts'

/** One connection of the pool, kept for a transaction. */
export type Connection = ReservedSql<{ bigint: number }>

/** Longer than any statement may take; only a connection that died in silence reaches it. */
const ROLLBACK_TIMEOUT_MS = 15_000

/**
 * Gives the work a connection of its own. The work sends `begin` and `commit` itself, in one go with its first and last
 * statements; `sql.begin` would spend a round trip on each. What the work leaves open is rolled back.
 *
 * The work waits for nothing but its own statements. Then a connection that closes between two of them has not been
 * noticed yet, the next statement fails with it, and none can ever run outside the transaction.
 */
export async function withConnection<T>(db: Database, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await db.reserve()
  try {
    const result = await work(connection)
    connection.release()
    return result
  } catch (error) {
    // A lost connection is out of the pool's hands already; to release it would put it back among the open ones.
    if (!isConnectionLost(error) && (await isRolledBack(connection))) connection.release()
    throw error
  }
}

/** An async function, like every statement: so that all are sent in the order in which they are called. */
export async function begin(connection: Connection): Promise<void> {
  await connection`begin`
}

export async function commit(connection: Connection): Promise<void> {
  const { command } = await connection`commit`
  if (command !== 'COMMIT') throw new Error(`COMMIT was answered by ${command}`)
}

/** Rolls back behind whatever is still under way. False when the connection was lost meanwhile. */
async function isRolledBack(connection: Connection): Promise<boolean> {
  const { promise: timeout, resolve } = Promise.withResolvers<false>()
  const timer = setTimeout(resolve, ROLLBACK_TIMEOUT_MS, false)
  const rollback = connection`rollback`.then(
    () => true,
    () => false,
  )
  try {
    return await Promise.race([rollback, timeout])
  } finally {
    clearTimeout(timer)
  }
}
