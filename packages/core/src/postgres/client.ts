import postgres, { type Sql } from 'postgres'
import { socketFactory } from './socket.ts'

const NEEDS_ESCAPE = /["\\]/

/** The types that the driver gives and takes beside its own. */
type Types = {
  bigint: number
  bigintArray: number[]
  textArray: string[]
}

/** A connection: runs statements one after another, and sends them without waiting for each other's answers. */
export type Client = Sql<Types>

export interface ClientOptions {
  /** How long one statement may take, and a transaction may stand still, milliseconds. 0: for ever. @default 10,000 */
  statementTimeoutMs?: number
  /** Settings of the session, beside the client's own. */
  settings?: Readonly<Record<string, string>>
  /** Called when the connection has closed, whoever closed it. */
  onClose?: () => void
}

/**
 * One connection, opened by its first statement.
 * @param url `postgres://user:password@host:port/database`
 */
export function openClient(
  url: string,
  { statementTimeoutMs = 10_000, settings = {}, onClose }: ClientOptions = {},
): Client {
  return postgres(url, {
    max: 1,
    ...({ socket: socketFactory() } as object),
    connect_timeout: 5,
    onnotice: () => {},
    ...(onClose && { onclose: onClose }),
    // The driver asks for the array types on each new connection, and an answer that fails ends the process: nothing
    // in it waits for that promise. Ours are few, so they are given here.
    fetch_types: false,
    types: {
      // Ids are safe integers: int8 as a number, not as a string.
      bigint: { to: 20, from: [20], parse: Number, serialize: String },
      bigintArray: { to: 1016, from: [1016], parse: parseBigintArray, serialize: serializeNumbers },
      textArray: { to: 1009, from: [1009], parse: unread, serialize: serializeTexts },
    },
    connection: {
      application_name: 'identity',
      statement_timeout: statementTimeoutMs,
      // A server that hangs inside a transaction must not hold its locks for ever.
      idle_in_transaction_session_timeout: statementTimeoutMs,
      // Every statement is a look-up by key. A plan made while the tables were empty must not turn into a scan that
      // grows with them, and the plan that is right once is right always.
      enable_seqscan: 'off',
      enable_bitmapscan: 'off',
      enable_hashjoin: 'off',
      enable_mergejoin: 'off',
      plan_cache_mode: 'force_generic_plan',
      jit: 'off',
      // While a table was never analysed, the planner takes a whole workspace for a few rows, and any index that starts
      // with it for as good as the right one: what counts is how few rows a plan fetches.
      cpu_tuple_cost: 10,
      // With rows as dear as that, it would share the reading of a whole workspace out to several processes. A string, as the
      // driver leaves a zero out.
      max_parallel_workers_per_gather: '0',
      ...settings,
    } as Record<string, string | number>,
  })
}

function serializeNumbers(values: ReadonlyArray<number | null>): string {
  return `{${values.map((value) => value ?? 'NULL').join(',')}}`
}

function serializeTexts(values: ReadonlyArray<string | null>): string {
  // Nearly every list is such, and is joined without a string more for each value of each request.
  if (values.length > 0 && values.every(isPlain)) return `{"${values.join('","')}"}`
  return `{${values.map(serializeText).join(',')}}`
}

function isPlain(value: string | null): boolean {
  return value !== null && !NEEDS_ESCAPE.test(value)
}

function serializeText(value: string | null): string {
  return value === null ? 'NULL' : `"${value.replace(/["\\]/g, '\\$&')}"`
}

/** The statements send text arrays and get none back. */
function unread(): string[] {
  throw new Error('a statement returned a text array, which nothing parses')
}

function parseBigintArray(text: string): number[] {
  return text === '{}' ? [] : text.slice(1, -1).split(',').map(Number)
}
