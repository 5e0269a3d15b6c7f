import type { Family } from './family.ts'

/** The families of several processes as those of one. */
export function merged(processes: ReadonlyArray<readonly Family[]>): Family[] {
  const byName = Map.groupBy(processes.flat(), ({ name }) => name)
  return [...byName.values()].map((families) => {
    const [first] = families
    const values = new Map<string, number>()
    for (const [series, value] of families.flatMap(({ samples }) => samples)) {
      const before = values.get(series)
      if (before === undefined) values.set(series, value)
      else values.set(series, first!.merge === 'sum' ? before + value : Math.max(before, value))
    }
    return { ...first!, samples: [...values] }
  })
}

/** What of a process outlives it: what it counted. Without that, sums would fall, which Prometheus takes for a restart. */
export function outlasting(families: readonly Family[]): Family[] {
  return families.filter(({ type }) => type !== 'gauge')
}
