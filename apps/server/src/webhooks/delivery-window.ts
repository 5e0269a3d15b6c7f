import type { EventCursor, OrderingKey } from '@identity/core'

/** One event on its way to one endpoint. */
export interface InWindow {
  readonly cursor: EventCursor
  readonly keys: readonly OrderingKey[]
}

interface Slot<T> {
  readonly item: T
  /** How many of its keys an earlier one has, which is not over yet. */
  blockers: number
}

/**
 * The events that one endpoint is being sent, in the order of the log: which may be sent now, as nothing earlier that has
 * to do with them is under way or waits, and up to where all are over.
 */
export class DeliveryWindow<T extends InWindow> {
  readonly #queues = new Map<OrderingKey, Array<Slot<T>>>()
  readonly #slots = new Map<T, Slot<T>>()
  #free: T[] = []
  /** Those that hold the cursor back, and those among them that are over. */
  readonly #track: Array<{ readonly cursor: EventCursor; readonly item?: T; isOver: boolean }> = []
  readonly #tracked = new Map<T, { isOver: boolean }>()
  #delivered: EventCursor

  constructor(delivered: EventCursor) {
    this.#delivered = delivered
  }

  /** Everything up to here is over. */
  get delivered(): EventCursor {
    return this.#delivered
  }

  /** Those that are not over, and those that are but came after one that is not. */
  get size(): number {
    return Math.max(this.#slots.size, this.#track.length)
  }

  /** Those after that place that are over, too. */
  get overAhead(): EventCursor[] {
    return this.#track.flatMap(({ cursor, isOver }) => (isOver ? cursor : []))
  }

  /** The first event of the log that is not over. */
  get oldest(): T | undefined {
    return this.#tracked.keys().next().value
  }

  /** Those that are not over. */
  get unfinished(): Iterable<T> {
    return this.#slots.keys()
  }

  /** The one that holds all others back, where most of those after it are over. */
  get obstacle(): T | undefined {
    const [first] = this.#track
    const over = this.#track.length - this.#tracked.size
    return first?.item && over * 2 > this.#track.length ? first.item : undefined
  }

  /** The next event of the log. */
  add(item: T): void {
    const entry = { cursor: item.cursor, item, isOver: false }
    this.#track.push(entry)
    this.#tracked.set(item, entry)
    this.addAside(item)
  }

  /** The next event of the log, where nothing is to be done about it. */
  pass(cursor: EventCursor): void {
    this.#track.push({ cursor, isOver: true })
    this.#advance()
  }

  /** One that the cursor has passed already: it waits its turn, and holds back what comes after it. */
  addAside(item: T): void {
    const slot: Slot<T> = { item, blockers: 0 }
    this.#slots.set(item, slot)
    for (const key of item.keys) {
      const queue = this.#queues.get(key)
      if (queue) {
        queue.push(slot)
        slot.blockers += 1
      } else {
        this.#queues.set(key, [slot])
      }
    }
    if (slot.blockers === 0) this.#free.push(item)
  }

  /** One that may be sent now and has not been taken. */
  take(): T | undefined {
    return this.#free.shift()
  }

  /** One that was taken may be taken again. */
  putBack(item: T): void {
    this.#free.push(item)
  }

  /** One that was taken is over: it was acknowledged, or is a dead letter. */
  finish(item: T): void {
    this.#slots.delete(item)
    for (const key of item.keys) {
      const queue = this.#queues.get(key)!
      queue.shift()
      const [next] = queue
      if (!next) this.#queues.delete(key)
      else if (--next.blockers === 0) this.#free.push(next.item)
    }
    const entry = this.#tracked.get(item)
    if (!entry) return
    entry.isOver = true
    this.#tracked.delete(item)
    this.#advance()
  }

  #advance(): void {
    const unfinished = this.#track.findIndex(({ isOver }) => !isOver)
    const over = this.#track.splice(0, unfinished === -1 ? this.#track.length : unfinished)
    this.#delivered = over.at(-1)?.cursor ?? this.#delivered
  }
}
