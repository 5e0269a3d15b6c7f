import { fork } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startServer } from '@identity/testkit'

const BARE_SERVER = fileURLToPath(new URL('bare-server.ts', import.meta.url))

export type ContestantName = 'service' | 'bare'

/** A server under load, in a process of its own. */
export interface Contestant extends AsyncDisposable {
  readonly name: ContestantName
  readonly url: string
  /** All it has written so far. */
  output(): string
}

/**
 * Starts the service on a database. Use with `await using`.
 * @param cpuProfileFolder where a CPU profile is written when it stops; none by default
 */
export async function startService(databaseUrl: string, cpuProfileFolder?: string): Promise<Contestant> {
  const profiling = cpuProfileFolder && `--cpu-prof --cpu-prof-dir=${JSON.stringify(resolve(cpuProfileFolder))}`
  const server = await startServer({ DATABASE_URL: databaseUrl, ...(profiling && { NODE_OPTIONS: profiling }) })
  return {
    name: 'service',
    url: server.url,
    output: server.output,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

/** Starts the bare server, which answers every request alike. Use with `await using`. */
export async function startBare(answer: string): Promise<Contestant> {
  const child = fork(BARE_SERVER, [answer])
  const exit = once(child, 'exit')
  const ended = exit.then(() => Promise.reject(new Error('the bare server ended before it was ready')))
  const [url] = (await Promise.race([once(child, 'message'), ended])) as [string]
  return {
    name: 'bare',
    url,
    output: () => '',
    async [Symbol.asyncDispose]() {
      child.kill()
      await exit
    },
  }
}
