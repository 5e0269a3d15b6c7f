import { availableParallelism, cpus, totalmem } from 'node:os'

/** What figures depend on and a reader cannot guess. */
export interface Machine {
  cpu: string
  /** That this process may use. */
  cores: number
  memoryGib: number
  platform: string
  node: string
}

export function thisMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGib: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
  }
}
