import type { KeyHolder } from '../../access.ts'
import { IdentityError } from '../../errors.ts'
import type { Pool } from '../pool.ts'
import { type RetryEvent, withRetry } from '../retry.ts'
import { hasKeys, readKeys } from './read-keys.ts'

export interface KeyRingOptions {
  /** From this age on, what was read is read again, while requests are still answered from it. @default 250 */
  refreshAfterMs?: number
  /** Nothing older is believed. With the time a request takes, it is how late a revocation may come. @default 800 */
  maxAgeMs?: number
  /** How long a request may wait for the database before it gets `unavailable`. @default 5,000 */
  timeoutMs?: number
  /** Called before a question is repeated. */
  onRetry?: ((event: RetryEvent) => void) | undefined
}

interface Entry {
  /** Undefined where there is no such key. */
  readonly holder: KeyHolder | undefined
  /** When the question was sent, so that the answer is at least as new. */
  readonly askedAtMs: number
}

/** Made-up keys must not fill the memory. */
const MAX_ENTRIES = 10_000
const MAX_HASHES_A_READ = 500

/**
 * Keys as the database had them less than a second ago. Whatever the load, a process asks at most one question at a time,
 * for all keys that are in use; an idle one asks nothing. When the database is away, keys are good for `maxAgeMs` more.
 */
export class KeyRing {
  readonly #pool: Pool
  readonly #options: Required<KeyRingOptions>
  readonly #entries = new Map<string, Entry>()
  #hasKeys = { value: true, askedAtMs: Number.NEGATIVE_INFINITY }
  /** What the question that is not sent yet is about. */
  #wanted = new Set<string>()
  #next: Promise<void> | undefined
  /** The question before it. Never rejects. */
  #last: Promise<void> = Promise.resolve()

  constructor(pool: Pool, { refreshAfterMs = 250, maxAgeMs = 800, timeoutMs = 5_000, onRetry }: KeyRingOptions = {}) {
    this.#pool = pool
    this.#options = { refreshAfterMs, maxAgeMs, timeoutMs, onRetry }
  }

  /**
   * The holder of a key; undefined where there is no such key. At once where it was read lately.
   * @throws IdentityError `unavailable`
   */
  find(hash: string): KeyHolder | undefined | Promise<KeyHolder | undefined> {
    const entry = this.#entries.get(hash)
    if (entry && this.#isFresh(entry.askedAtMs, hash)) return entry.holder
    return this.#readInTime(hash).then(() => this.#entries.get(hash)?.holder)
  }

  /** True once any key was made, whatever became of it. @throws IdentityError `unavailable` */
  hasKeys(): boolean | Promise<boolean> {
    if (this.#isFresh(this.#hasKeys.askedAtMs, undefined)) return this.#hasKeys.value
    return this.#readInTime(undefined).then(() => this.#hasKeys.value)
  }

  #isFresh(askedAtMs: number, hash: string | undefined): boolean {
    const ageMs = performance.now() - askedAtMs
    if (ageMs >= this.#options.maxAgeMs) return false
    // In the background: a failure shows when what was read has become too old.
    if (ageMs >= this.#options.refreshAfterMs) void this.#read(hash).catch(() => {})
    return true
  }

  async #readInTime(hash: string | undefined): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const timeout = new Promise<never>((_, reject) => {
      const fail = () => reject(unavailable('The database did not answer in time.'))
      timer = setTimeout(fail, this.#options.timeoutMs)
    })
    try {
      await Promise.race([this.#read(hash), timeout])
    } finally {
      clearTimeout(timer)
    }
  }

  /** Asks with the next question that is sent: whoever comes before that asks together. */
  #read(hash: string | undefined): Promise<void> {
    if (hash !== undefined) {
      if (this.#wanted.size >= MAX_ENTRIES) return Promise.reject(unavailable('Too many keys wait to be looked up.'))
      this.#wanted.add(hash)
    }
    if (!this.#next) {
      const deadlineMs = Date.now() + this.#options.timeoutMs
      this.#next = this.#last.then(() => {
        this.#next = undefined
        const hashes = [...this.#wanted]
        this.#wanted = new Set()
        return withRetry(() => this.#ask(hashes), { deadlineMs, onRetry: this.#options.onRetry })
      })
      this.#last = this.#next.catch(() => {})
    }
    return this.#next
  }

  async #ask(hashes: readonly string[]): Promise<void> {
    const askedAtMs = performance.now()
    await this.#pool.use(async (client) => {
      const chunks = Array.from({ length: Math.ceil(hashes.length / MAX_HASHES_A_READ) }, (_, n) =>
        hashes.slice(n * MAX_HASHES_A_READ, (n + 1) * MAX_HASHES_A_READ),
      )
      const [value, ...holders] = await Promise.all([
        hasKeys(client),
        ...chunks.map((chunk) => readKeys(client, chunk)),
      ])
      this.#hasKeys = { value, askedAtMs }
      for (const [n, chunk] of chunks.entries()) this.#keep(chunk, holders[n]!, askedAtMs)
    })
  }

  #keep(hashes: readonly string[], holders: ReadonlyMap<string, KeyHolder>, askedAtMs: number): void {
    for (const hash of hashes) {
      // To the end of the map: the first in it are those that nobody has used for longest.
      this.#entries.delete(hash)
      this.#entries.set(hash, { holder: holders.get(hash), askedAtMs })
    }
    for (const hash of this.#entries.keys()) {
      if (this.#entries.size <= MAX_ENTRIES) break
      this.#entries.delete(hash)
    }
  }
}

function unavailable(reason: string): IdentityError {
  return new IdentityError('unavailable', `${reason} Repeat the request: that is safe.`, { retryAfterS: 1 })
}
