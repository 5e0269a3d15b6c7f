import type { RecordedEvent } from '@identity/core'
import { personsOf, replay } from '@identity/testkit'
import type { SimulatedDatabase } from './database.ts'
import type { SimulatedProcess } from './process.ts'

const LONGEST_PAGE = 1_000

/** A consumer of the events, who asks now this process and now that, and keeps nothing but what it has seen. */
export class Follower {
  readonly #seen: RecordedEvent[] = []
  /** What is asked now; an answer of a process that was killed meanwhile never comes. */
  #asking: { readonly process: SimulatedProcess } | null = null

  /** Asks for a few more events, unless an answer is under way. */
  follow(process: SimulatedProcess, limit: number): void {
    if (!this.#asking?.process.isAlive) void this.#read(process, limit).catch(() => {})
  }

  async #read(process: SimulatedProcess, limit: number): Promise<void> {
    const asking = { process }
    this.#asking = asking
    try {
      const events = await process.store.events(1, { after: this.#seen.at(-1)?.id, limit })
      if (this.#asking === asking) this.#seen.push(...events)
    } finally {
      if (this.#asking === asking) this.#asking = null
    }
  }

  /**
   * Reads what is left, and all of it once more.
   * @returns all events
   * @throws Error where the two differ, or the events do not lead to the persons in the database
   */
  async check(process: SimulatedProcess, database: SimulatedDatabase): Promise<RecordedEvent[]> {
    await this.#read(process, LONGEST_PAGE)
    const all = await process.store.events(1, { limit: LONGEST_PAGE })
    const [seen, again] = [this.#seen, all].map((events) => JSON.stringify(events))
    if (seen !== again) throw new Error(`a reader saw other events than one who reads again:\n${seen}\n${again}`)
    const [told, kept] = [replay(all), personsOf(database.contacts.rows())].map((persons) => JSON.stringify(persons))
    if (told !== kept) throw new Error(`the events lead to other persons than there are:\n${told}\n${kept}`)
    return all
  }
}
