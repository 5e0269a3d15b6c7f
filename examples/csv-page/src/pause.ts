/** The longest that the page neither draws nor hears its user. */
const BUSY_MS = 50

/** Where long work lets the page breathe, once it has been busy for long enough. */
export function pauseWhenBusy(signal: AbortSignal, report: (done: number) => void) {
  let resumedAtMs = performance.now()
  return (done: number): Promise<void> | undefined => {
    if (performance.now() - resumedAtMs < BUSY_MS) return undefined
    report(done)
    return new Promise((resolve, reject) =>
      setTimeout(() => {
        if (signal.aborted) return reject(signal.reason)
        resumedAtMs = performance.now()
        resolve()
      }),
    )
  }
}
