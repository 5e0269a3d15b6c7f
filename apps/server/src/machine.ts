import { availableParallelism, totalmem } from 'node:os'

/** What the defaults depend on. */
export interface Machine {
  readonly cores: number
  readonly memoryBytes: number
}

/** The machine, or as much of it as this process may use. */
export function thisMachine(): Machine {
  // 0 or far more than there is: no limit.
  const limitBytes = process.constrainedMemory() || Number.POSITIVE_INFINITY
  return { cores: availableParallelism(), memoryBytes: Math.min(totalmem(), limitBytes) }
}
