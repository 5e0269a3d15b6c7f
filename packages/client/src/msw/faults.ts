import { IdentityError, type IdentityStore, type RuleStore, type WebhookStore } from '@identity/core'

export interface FaultOptions {
  /** How many HTTP requests it befalls; a batch of calls is one. @default until `clear` or `reset` */
  times?: number
}

/** Each is in force from now on. Of several failures the oldest comes first; latency comes on top. */
export interface FaultControls {
  /** 503: the service cannot reach its database. `retryAfterS` goes into `Retry-After`. @default { retryAfterS: 1 } */
  unavailable(options?: FaultOptions & { retryAfterS?: number }): void
  /** No answer: the connection breaks. */
  network(options?: FaultOptions): void
  /** Answers take this much longer. */
  latency(options: FaultOptions & { delayMs: number }): void
  /** All is well again. */
  clear(): void
}

export type Failure = { kind: 'unavailable'; retryAfterS: number } | { kind: 'network' }

interface Planned<T> {
  readonly value: T
  timesLeft: number
}

/** The faults that are set. */
export class Faults implements FaultControls {
  #failures: Array<Planned<Failure>> = []
  #delaysMs: Array<Planned<number>> = []

  unavailable({ times = Number.POSITIVE_INFINITY, retryAfterS = 1 }: FaultOptions & { retryAfterS?: number } = {}) {
    this.#failures.push({ value: { kind: 'unavailable', retryAfterS }, timesLeft: times })
  }

  network({ times = Number.POSITIVE_INFINITY }: FaultOptions = {}): void {
    this.#failures.push({ value: { kind: 'network' }, timesLeft: times })
  }

  latency({ delayMs, times = Number.POSITIVE_INFINITY }: FaultOptions & { delayMs: number }): void {
    this.#delaysMs.push({ value: delayMs, timesLeft: times })
  }

  clear(): void {
    this.#failures = []
    this.#delaysMs = []
  }

  /** What befalls the next request. */
  next(): { failure: Failure | undefined; delayMs: number } {
    return { failure: take(this.#failures), delayMs: take(this.#delaysMs) ?? 0 }
  }
}

function take<T>(planned: Array<Planned<T>>): T | undefined {
  const current = planned.find(({ timesLeft }) => timesLeft > 0)
  if (current) current.timesLeft -= 1
  return current?.value
}

/** What the service meets while its database is away. */
export function unavailableStore(retryAfterS: number): IdentityStore {
  const fail = async (): Promise<never> => {
    const message = 'The database cannot serve this request now. Repeat it: that is safe.'
    throw new IdentityError('unavailable', message, { retryAfterS })
  }
  const corrections = { split: fail, undo: fail, deleteContact: fail, restoreContact: fail, erase: fail }
  const rules = new Proxy({} as RuleStore, { get: () => fail })
  const inquiries = { explain: fail, history: fail, asOf: fail }
  const webhooks = new Proxy({} as WebhookStore, { get: () => fail })
  return {
    identify: fail,
    find: fail,
    preview: fail,
    events: fail,
    untilEvents: fail,
    corrections,
    inquiries,
    rules,
    webhooks,
  }
}
