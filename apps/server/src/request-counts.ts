/** The requests of one caller in its current window. */
export interface Count {
  readonly current: number
  /** Milliseconds until the window ends. */
  readonly ttl: number
}

/** Where requests are counted: in this process, or in the one that counts for all. */
export interface Counts {
  increment(key: string): Count | Promise<Count>
}

const WINDOW_MS = 60_000
/** About 10 MB. */
const MAX_KEYS = 50_000

/** Counts requests by key in windows of a minute. Who has not come for longest is forgotten first, so memory is bounded. */
export class RequestCounts implements Counts {
  readonly #windows = new Map<string, { current: number; endsAtMs: number }>()
  readonly #maxKeys: number

  constructor(maxKeys: number = MAX_KEYS) {
    this.#maxKeys = maxKeys
  }

  increment(key: string, nowMs: number = Date.now()): Count {
    let window = this.#windows.get(key)
    // The order of a map is that of insertion: who comes goes to its end.
    this.#windows.delete(key)
    if (!window || window.endsAtMs <= nowMs) window = { current: 0, endsAtMs: nowMs + WINDOW_MS }
    window.current++
    this.#windows.set(key, window)
    if (this.#windows.size > this.#maxKeys) this.#windows.delete(this.#windows.keys().next().value!)
    return { current: window.current, ttl: window.endsAtMs - nowMs }
  }
}
