import type { Family } from '../metrics/family.ts'

/** The metrics of all processes, which the primary collects. Whoever comes while it does gets the same. */
export class RemoteMetrics {
  readonly #ask: () => void
  #waiting: Array<(families: readonly Family[]) => void> = []

  /** @param ask asks the primary, whose answer comes to `receive` */
  constructor(ask: () => void) {
    this.#ask = ask
  }

  collect(): Promise<readonly Family[]> {
    return new Promise((answer) => {
      if (this.#waiting.push(answer) === 1) this.#ask()
    })
  }

  receive(families: readonly Family[]): void {
    for (const answer of this.#waiting.splice(0)) answer(families)
  }
}
