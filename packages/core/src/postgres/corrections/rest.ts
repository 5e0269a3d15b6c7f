/** So many times as long as the turn before it; what others keep then is in docs/performance.md. */
const REST = 8
/** After a turn that was shorter, nobody rests. */
const SHORT_MS = 50
/** No rest is longer, so that whoever waits is answered in time. */
const MAX_REST_MS = 2_500

/** Keeps turns that take long from following one another at once, so that others have most of the process and of the database. */
export class Rest {
  readonly #onOver: () => void
  #timer: NodeJS.Timeout | undefined

  /** @param onOver called when a rest has ended by itself */
  constructor(onOver: () => void) {
    this.#onOver = onOver
  }

  get isOver(): boolean {
    return this.#timer === undefined
  }

  /** Begins the rest after a turn that took so long, in the place of one that has not ended. */
  begin(tookMs: number): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (tookMs < SHORT_MS) return
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined
        this.#onOver()
      },
      Math.min(REST * tookMs, MAX_REST_MS),
    )
    // Whoever waits meanwhile has a connection that keeps the program from ending.
    this.#timer.unref()
  }
}
