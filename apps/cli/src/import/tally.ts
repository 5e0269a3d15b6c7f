import type { OutcomeCounts } from '@identity/core/postgres'
import { counted, grouped } from '../terminal/figures.ts'
import type { Progress } from '../terminal/progress.ts'
import type { ChunkMessage } from './messages.ts'

/** Counts what became of the rows whose chunks are through. */
export class Tally {
  readonly #startedAtMs = Date.now()
  readonly #bytesTotal: number | undefined
  readonly #counts: OutcomeCounts = { created: 0, linked: 0, merged: 0, refused: 0, existing: 0 }
  #accepted = 0
  #refused = 0
  #bytesRead = 0

  constructor(bytesTotal: number | undefined) {
    this.#bytesTotal = bytesTotal
  }

  add(chunk: ChunkMessage, counts: OutcomeCounts): void {
    this.#accepted += chunk.emails.length
    this.#refused += chunk.refused.length
    this.#bytesRead = chunk.bytesRead
    for (const outcome of Object.keys(counts) as Array<keyof OutcomeCounts>) this.#counts[outcome] += counts[outcome]
  }

  get refused(): number {
    return this.#refused
  }

  get rows(): number {
    return this.#accepted + this.#refused
  }

  progress(): Progress {
    const elapsedMs = Date.now() - this.#startedAtMs
    return { rows: this.rows, bytesRead: this.#bytesRead, bytesTotal: this.#bytesTotal, elapsedMs }
  }

  /** One figure a line, for people and for scripts. */
  summary(): string {
    const { created, linked, merged, existing } = this.#counts
    const seconds = this.progress().elapsedMs / 1000
    return [
      ['rows', grouped(this.rows)],
      ['accepted', grouped(this.#accepted)],
      ['refused', grouped(this.#refused)],
      ['created', counted(created, 'person')],
      ['linked', `${counted(linked, 'contact')} added to a person`],
      ['merged', `${counted(merged, 'order')} that made several persons one`],
      ['unchanged', `${counted(existing, 'order')} that told nothing new`],
      ['seconds', seconds.toFixed(1)],
      ['rows/s', grouped(Math.round(this.rows / Math.max(seconds, 0.001)))],
    ]
      .map(([name, value]) => `${name!.padEnd(10)}${value}`)
      .join('\n')
  }
}
