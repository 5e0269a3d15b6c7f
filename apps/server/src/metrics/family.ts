/** Metrics of one name, as one process has them, or all together. Plain data: it travels between processes. */
export interface Family {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  /** How the values of several processes become one. */
  readonly merge: 'sum' | 'max'
  readonly samples: readonly Sample[]
}

/** What follows the family's name, as it is written, and the value: `{phase="read"}`, `_sum{phase="read"}`. */
export type Sample = readonly [series: string, value: number]

export type Labels = Readonly<Record<string, string>>

export function counter(name: string, help: string, samples: readonly Sample[]): Family {
  return { name, help, type: 'counter', merge: 'sum', samples }
}

export function gauge(name: string, help: string, samples: readonly Sample[], merge: Family['merge'] = 'sum'): Family {
  return { name, help, type: 'gauge', merge, samples }
}

/** Labels as they are written. */
export function written(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function escaped(value: string): string {
  return value.replace(/["\\\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`))
}
