import { type Family, type Labels, type Sample, written } from './family.ts'

/** How many values lie between bounds. To observe one costs a few comparisons. */
export class Histogram {
  readonly #bounds: readonly number[]
  /** One a bound, and one for what lies beyond the last. */
  readonly #counts: number[]
  #sum = 0

  /** @param bounds the highest value of each bucket, ascending */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds
    this.#counts = Array.from({ length: bounds.length + 1 }, () => 0)
  }

  observe(value: number): void {
    let bucket = 0
    while (bucket < this.#bounds.length && value > this.#bounds[bucket]!) bucket++
    this.#counts[bucket]!++
    this.#sum += value
  }

  /** Its samples, whose buckets each count all that lies below, too. */
  samples(labels: Labels): Sample[] {
    let count = 0
    const buckets = this.#counts.map((own, n): Sample => {
      count += own
      return [`_bucket${written({ ...labels, le: String(this.#bounds[n] ?? '+Inf') })}`, count]
    })
    return [...buckets, [`_sum${written(labels)}`, this.#sum], [`_count${written(labels)}`, count]]
  }
}

export function histogram(name: string, help: string, samples: readonly Sample[]): Family {
  return { name, help, type: 'histogram', merge: 'sum', samples }
}
