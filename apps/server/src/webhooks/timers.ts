/** Waits between attempts. Tests bring their own, which are over at once. */
export interface Timers {
  /** Calls back after so long. @returns what ends the wait */
  after(ms: number, callback: () => void): () => void
}

export const realTimers: Timers = {
  after(ms, callback) {
    const timer = setTimeout(callback, ms).unref()
    return () => clearTimeout(timer)
  },
}
