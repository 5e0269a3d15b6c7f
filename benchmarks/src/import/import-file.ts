import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { spreadOf } from '../statistics.ts'

const IDENTITY = fileURLToPath(new URL('../../../apps/cli/bin/identity', import.meta.url))
const SAMPLE_MS = 20
/** Some of the made-up orders are wrong on purpose. */
const SOME_REFUSED = 3

/** One import by the real command, in a process of its own. */
export interface ImportRun {
  /** As the command itself counts: from the first byte read to the last commit, without its start. */
  readonly seconds: number
  /** From the start of the process to its end. */
  readonly secondsOfProcess: number
  /** The most memory that the process had, in MiB; NaN where the system does not tell. */
  readonly peakMib: number
  /** The memory that it had in each quarter of its time, in MiB, by the median: whether it grows. */
  readonly quartersMib: readonly number[]
}

/** Imports a file. @throws Error with what the command said, where it fails */
export async function importFile(file: string, databaseUrl: string, cwd: string): Promise<ImportRun> {
  const startedAt = performance.now()
  const child = spawn(IDENTITY, ['import', file], {
    cwd,
    env: { PATH: process.env.PATH, DATABASE_URL: databaseUrl, DEFAULT_REGION: 'IN' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  let peakMib = Number.NaN
  const samplesMib: number[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const sampler = setInterval(() => {
    const memory = memoryOf(child.pid!)
    if (!memory) return
    peakMib = memory.peakMib
    samplesMib.push(memory.residentMib)
  }, SAMPLE_MS)
  const [code] = (await once(child, 'close')) as [number | null]
  clearInterval(sampler)
  if (code !== 0 && code !== SOME_REFUSED) throw new Error(`the import ended with ${code}:\n${output}`)
  const seconds = Number(/^seconds +([\d.]+)$/m.exec(output)?.[1])
  const secondsOfProcess = (performance.now() - startedAt) / 1000
  return { seconds, secondsOfProcess, peakMib, quartersMib: quartersOf(samplesMib) }
}

function quartersOf(samples: readonly number[]): number[] {
  const size = samples.length / 4
  return [0, 1, 2, 3].map((n) => spreadOf(samples.slice(Math.floor(n * size), Math.floor((n + 1) * size))).median)
}

/** What the kernel has noted; on Linux only. */
function memoryOf(pid: number): { peakMib: number; residentMib: number } | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const [peakMib, residentMib] = ['VmHWM', 'VmRSS'].map((name) => {
      const kib = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]
      return kib === undefined ? undefined : Math.round(Number(kib) / 1024)
    })
    return peakMib === undefined || residentMib === undefined ? undefined : { peakMib, residentMib }
  } catch {
    return undefined
  }
}
