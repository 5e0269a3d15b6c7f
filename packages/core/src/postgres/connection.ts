import postgres, { type ReservedSql, type Sql, type TransactionSql } from 'postgres'

/** A pool of connections to one database. */
export type Database = Sql<{ bigint: number }>
/** Anything that runs a statement: the pool, or one connection of it inside a transaction. */
export type Queryable = Database | ReservedSql<{ bigint: number }> | TransactionSql<{ bigint: number }>

export interface ConnectOptions {
  /** Connections at the most. @default 6 */
  maxConnections?: number
  /** How long one statement may take, milliseconds. @default 10,000 */
  statementTimeoutMs?: number
}

/**
 * Opens a pool. No connection is made before the first statement.
 * @param url `postgres://user:password@host:port/database`
 */
export function connect(
  url: string,
  { maxConnections = 6, statementTimeoutMs = 10_000 }: ConnectOptions = {},
): Database {
  return postgres(url, {
    max: maxConnections,
    connect_timeout: 5,
    // A closed connection is opened again by the next statement; retries wait by themselves.
    backoff: () => 0.05,
    onnotice: () => {},
    types: {
      // Ids are safe integers: int8 as a number, not as a string.
      bigint: { to: 20, from: [20], parse: Number, serialize: String },
    },
    connection: {
      application_name: 'identity',
      statement_timeout: statementTimeoutMs,
      // A server that hangs inside a transaction must not hold its locks for ever.
      idle_in_transaction_session_timeout: statementTimeoutMs,
      // Every statement is a look-up by key. A plan made while the tables were empty must not turn into a scan that
      // grows with them, and the plan that is right once is right always.
      enable_seqscan: 'off',
      enable_hashjoin: 'off',
      enable_mergejoin: 'off',
      plan_cache_mode: 'force_generic_plan',
      jit: 'off',
    } as Record<string, string | number>,
  })
}
