import { once } from 'node:events'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { startServer } from '@identity/testkit'
import type { ProbeReport } from './probe.ts'

/** A server in a process of its own, with the probe in it. */
export interface ServerUnderLoad extends AsyncDisposable {
  readonly url: string
  readonly pid: number
  /** All it has written so far. */
  output(): string
  /** What the probe saw since the last time. */
  askProbe(): Promise<ProbeReport>
}

const PROBE = new URL('probe.ts', import.meta.url).href

const MAINS = {
  bare: fileURLToPath(new URL('servers/bare-main.ts', import.meta.url)),
  constant: fileURLToPath(new URL('servers/constant-main.ts', import.meta.url)),
  peer: fileURLToPath(new URL('peer/main.ts', import.meta.url)),
  /** The one of testkit, which `npm start` starts. */
  service: undefined,
}

export type ServerName = keyof typeof MAINS

export interface ServerOptions {
  /** For those that have a database. */
  databaseUrl?: string | undefined
  /** For those that have one answer. */
  answer?: string | undefined
  /** A folder for a CPU profile of the service. */
  cpuProfile?: string | undefined
}

/** Starts it on a free port. Use with `await using`. */
export async function startUnderLoad(name: ServerName, options: ServerOptions): Promise<ServerUnderLoad> {
  const { databaseUrl, answer, cpuProfile } = options
  const flags = [`--import=${PROBE}`]
  if (cpuProfile && name === 'service')
    flags.push('--cpu-prof', `--cpu-prof-dir=${JSON.stringify(resolve(cpuProfile))}`)
  const server = await startServer(
    {
      NODE_OPTIONS: flags.join(' '),
      NODE_ENV: 'production',
      ...(databaseUrl && { DATABASE_URL: databaseUrl }),
      ...(answer && { ANSWER: answer }),
    },
    MAINS[name],
  )
  const lines = createInterface({ input: server.child.stdout! })
  return {
    url: server.url,
    pid: server.child.pid!,
    output: () => server.output().replaceAll(/^PROBE .*\n/gm, ''),
    async askProbe() {
      server.child.kill('SIGUSR2')
      for (;;) {
        const [line] = (await once(lines, 'line')) as [string]
        if (line.startsWith('PROBE ')) return JSON.parse(line.slice('PROBE '.length)) as ProbeReport
      }
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}
