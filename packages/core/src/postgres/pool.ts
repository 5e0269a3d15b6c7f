import { type Client, type ClientOptions, openClient } from './client.ts'
import { type Isolation, isolationSettings, markIsolated } from './isolation.ts'
import { isConnectionLost } from './retry.ts'

export interface PoolOptions {
  /** Connections at the most. @default 6 */
  maxConnections?: number
  /** How long one statement may take, milliseconds. Work that takes twice as long loses its connection. @default 10,000 */
  statementTimeoutMs?: number
  /** Its connections reach rows of one workspace at a time (`inWorkspace`), and of none otherwise. @default not */
  isolation?: Isolation | undefined
  /** How a connection is made. Tests run the engine on simulated ones. @default with the driver */
  connect?: (url: string, options: ClientOptions) => Client
}

/** Work that waits for a connection. */
interface Waiting {
  resolve(client: Client): void
  reject(error: Error): void
}

/**
 * Connections to one database. The driver's own pool is not used: it may send what waits for a lost connection on a new
 * one, outside the transaction that it belongs to, and its reserved connections can hang when theirs is lost (see
 * docs/decisions/0006-one-client-a-connection.md). Here a connection that closes is never used again, and everything
 * that was under way on it fails.
 */
export class Pool {
  readonly #url: string
  readonly #maxConnections: number
  readonly #statementTimeoutMs: number
  readonly #isolation: Isolation | undefined
  readonly #openClient: NonNullable<PoolOptions['connect']>
  readonly #idle: Client[] = []
  readonly #waiting: Waiting[] = []
  readonly #open = new Set<Client>()
  #end: Promise<void> | undefined
  #onLastClosed = () => {}

  /** No connection is made before the first work. @param url `postgres://user:password@host:port/database` */
  constructor(
    url: string,
    { maxConnections = 6, statementTimeoutMs = 10_000, isolation, connect = openClient }: PoolOptions = {},
  ) {
    this.#isolation = isolation
    this.#url = url
    this.#maxConnections = maxConnections
    this.#statementTimeoutMs = statementTimeoutMs
    this.#openClient = connect
  }

  /** Connections that are open, those of them that do work, and the work that waits for one. */
  get load(): { readonly open: number; readonly inUse: number; readonly waiting: number } {
    return { open: this.#open.size, inUse: this.#open.size - this.#idle.length, waiting: this.#waiting.length }
  }

  /** Gives the work a connection that nobody else uses meanwhile. What a transaction left open is rolled back. */
  async use<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const client = await this.#acquire()
    // A connection whose other end is gone without a word would otherwise be waited for until TCP gives up.
    const timer = setTimeout(() => this.#discard(client), 2 * this.#statementTimeoutMs)
    try {
      return await work(client)
    } catch (error) {
      if (isConnectionLost(error)) this.#discard(client)
      else await client`rollback`.catch(() => this.#discard(client))
      throw error
    } finally {
      clearTimeout(timer)
      this.#release(client)
    }
  }

  /** Closes all connections. Work that is under way may end first, for so long; what waits, or comes later, is refused. */
  end({ timeoutMs = 5_000 }: { timeoutMs?: number } = {}): Promise<void> {
    this.#end ??= this.#endWithin(timeoutMs)
    return this.#end
  }

  async #endWithin(timeoutMs: number): Promise<void> {
    for (const { reject } of this.#waiting.splice(0)) reject(hasEnded())
    if (this.#open.size === 0) return
    const closed = new Promise<void>((resolve) => {
      this.#onLastClosed = resolve
    })
    const timer = setTimeout(() => {
      for (const client of this.#open) this.#discard(client)
    }, timeoutMs)
    for (const client of this.#idle.splice(0)) this.#close(client)
    await closed
    clearTimeout(timer)
  }

  #acquire(): Client | Promise<Client> {
    if (this.#end) throw hasEnded()
    const idle = this.#idle.pop()
    if (idle) return idle
    if (this.#open.size < this.#maxConnections) return this.#connect()
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }))
  }

  #connect(): Client {
    const client = this.#openClient(this.#url, {
      statementTimeoutMs: this.#statementTimeoutMs,
      ...(this.#isolation && { settings: isolationSettings(this.#isolation) }),
      onClose: () => this.#discard(client),
    })
    if (this.#isolation) markIsolated(client)
    this.#open.add(client)
    return client
  }

  /**
   * Only for a connection that does nothing: one that is ended while it opens, with statements that wait for it, is opened
   * anew by the driver, and sends the rest of them outside their transaction.
   */
  #close(client: Client): void {
    void client.end({ timeout: 1 }).then(() => this.#discard(client))
  }

  /** Fails whatever is still under way, at once and before the driver could open the connection anew. */
  #discard(client: Client): void {
    if (!this.#open.delete(client)) return
    const index = this.#idle.indexOf(client)
    if (index >= 0) this.#idle.splice(index, 1)
    void client.end({ timeout: 0 })
    if (this.#open.size === 0) this.#onLastClosed()
  }

  #release(client: Client): void {
    const next = this.#waiting.shift()
    const isOpen = this.#open.has(client)
    if (next) next.resolve(isOpen ? client : this.#connect())
    else if (isOpen && this.#end) this.#close(client)
    else if (isOpen) this.#idle.push(client)
  }
}

function hasEnded(): Error {
  return new Error('the pool has ended')
}
