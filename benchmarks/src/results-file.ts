import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Machine } from './machine.ts'
import type { Run } from './measure.ts'
import type { Options } from './options.ts'
import type { Summary } from './summary.ts'

const FOLDER = new URL('../results/', import.meta.url)

export interface Results {
  /** ISO 8601. */
  measuredAt: string
  machine: Machine
  postgres: string
  generator: string
  options: Options
  summaries: readonly Summary[]
  runs: readonly Run[]
}

/** Writes `results/latest.json`. @returns its path */
export function writeResults(results: Results): string {
  mkdirSync(FOLDER, { recursive: true })
  const file = fileURLToPath(new URL('latest.json', FOLDER))
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`)
  return file
}
