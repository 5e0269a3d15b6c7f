import { IdentityError } from '../errors.ts'
import { type RetryEvent, withRetry } from './retry.ts'

export interface FreshCopiesOptions {
  /** From this age on, what was read is read again, while it is still answered from. @default 250 */
  refreshAfterMs?: number
  /** Nothing older is believed. @default 800 */
  maxAgeMs?: number
  /** How long whoever asks may wait for the database before they get `unavailable`. @default 5,000 */
  timeoutMs?: number
  /** Called before a question is repeated. */
  onRetry?: ((event: RetryEvent) => void) | undefined
}

interface Entry<V> {
  readonly value: V | undefined
  /** When the question was sent, so that the answer is at least as new. */
  readonly askedAtMs: number
}

/** Made-up keys must not fill the memory. */
const MAX_ENTRIES = 10_000

/** Nothing older than this is believed where nothing else is said, milliseconds. */
export const MAX_AGE_MS = 800

/**
 * Copies of what the database has, as it had it less than a second ago. Whatever the load, at most one question is under
 * way, for all keys that are in use; where nobody asks, none is. When the database is away, copies are good for
 * `maxAgeMs` more.
 */
export class FreshCopies<K, V> {
  readonly #ask: (keys: readonly K[]) => Promise<ReadonlyMap<K, V>>
  readonly #options: Required<FreshCopiesOptions>
  readonly #entries = new Map<K, Entry<V>>()
  /** What the question that is not sent yet is about. */
  #wanted = new Set<K>()
  #next: Promise<void> | undefined
  /** The question before it. Never rejects. */
  #last: Promise<void> = Promise.resolve()

  /** @param ask the values of the keys that have one, and of others where it knows them; it is repeated while it fails for a transient reason */
  constructor(
    ask: (keys: readonly K[]) => Promise<ReadonlyMap<K, V>>,
    { refreshAfterMs = 250, maxAgeMs = MAX_AGE_MS, timeoutMs = 5_000, onRetry }: FreshCopiesOptions = {},
  ) {
    this.#ask = ask
    this.#options = { refreshAfterMs, maxAgeMs, timeoutMs, onRetry }
  }

  /**
   * The value of a key; undefined where it has none. At once where it was read lately.
   * @throws IdentityError `unavailable`
   */
  find(key: K): V | undefined | Promise<V | undefined> {
    const entry = this.#entries.get(key)
    if (entry && this.#isFresh(key, entry)) return entry.value
    return this.#readInTime(key).then(() => this.#entries.get(key)?.value)
  }

  /** What was read last, however old; undefined also where nothing was. */
  peek(key: K): V | undefined {
    return this.#entries.get(key)?.value
  }

  /** True where what was read last may still be believed. */
  isCurrent(key: K): boolean {
    const entry = this.#entries.get(key)
    return entry !== undefined && performance.now() - entry.askedAtMs < this.#options.maxAgeMs
  }

  #isFresh(key: K, { askedAtMs }: Entry<V>): boolean {
    const ageMs = performance.now() - askedAtMs
    if (ageMs >= this.#options.maxAgeMs) return false
    // In the background: a failure shows when what was read has become too old.
    if (ageMs >= this.#options.refreshAfterMs) void this.#read(key).catch(() => {})
    return true
  }

  async #readInTime(key: K): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const timeout = new Promise<never>((_, reject) => {
      const fail = () => reject(unavailable('The database did not answer in time.'))
      timer = setTimeout(fail, this.#options.timeoutMs)
    })
    try {
      await Promise.race([this.#read(key), timeout])
    } finally {
      clearTimeout(timer)
    }
  }

  /** Asks with the next question that is sent: whoever comes before that asks together. */
  #read(key: K): Promise<void> {
    if (this.#wanted.size >= MAX_ENTRIES) return Promise.reject(unavailable('Too many keys wait to be looked up.'))
    this.#wanted.add(key)
    if (!this.#next) {
      const deadlineMs = Date.now() + this.#options.timeoutMs
      this.#next = this.#last.then(() => {
        this.#next = undefined
        const keys = [...this.#wanted]
        this.#wanted = new Set()
        return withRetry(() => this.#askAndKeep(keys), { deadlineMs, onRetry: this.#options.onRetry })
      })
      this.#last = this.#next.catch(() => {})
    }
    return this.#next
  }

  async #askAndKeep(keys: readonly K[]): Promise<void> {
    const askedAtMs = performance.now()
    const values = await this.#ask(keys)
    for (const key of new Set([...keys, ...values.keys()])) {
      // To the end of the map: the first in it are those that nobody has used for longest.
      this.#entries.delete(key)
      this.#entries.set(key, { value: values.get(key), askedAtMs })
    }
    for (const key of this.#entries.keys()) {
      if (this.#entries.size <= MAX_ENTRIES) break
      this.#entries.delete(key)
    }
  }
}

function unavailable(reason: string): IdentityError {
  return new IdentityError('unavailable', `${reason} Repeat the request: that is safe.`, { retryAfterS: 1 })
}
