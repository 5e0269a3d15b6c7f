import type { Count, Counts } from '../request-counts.ts'

interface Asking {
  readonly key: string
  answer(count: Count): void
}

/** Counts in the primary, so that a limit holds for all processes together. One message takes what one turn brought. */
export class RemoteCounts implements Counts {
  readonly #ask: (keys: string[]) => void
  #turn: Asking[] = []
  readonly #asked: Asking[][] = []

  /** @param ask sends keys to the primary, whose answers arrive in the same order */
  constructor(ask: (keys: string[]) => void) {
    this.#ask = ask
  }

  increment(key: string): Promise<Count> {
    if (this.#turn.length === 0) setImmediate(() => this.#send())
    return new Promise((answer) => this.#turn.push({ key, answer }))
  }

  /** Takes the primary's answer to the oldest question. */
  receive(counts: readonly Count[]): void {
    for (const [n, { answer }] of this.#asked.shift()!.entries()) answer(counts[n]!)
  }

  #send(): void {
    const turn = this.#turn
    this.#turn = []
    this.#asked.push(turn)
    this.#ask(turn.map(({ key }) => key))
  }
}
