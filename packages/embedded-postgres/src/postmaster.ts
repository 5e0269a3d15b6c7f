import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { ServerUser } from './server-user.ts'

const READY = 'database system is ready to accept connections'
const FAST_SHUTDOWN_TIMEOUT_MS = 20_000
const KEPT_LINES = 20

/** PostgreSQL ended before it was ready; `output` is the last it said. */
export class PostmasterFailed extends Error {
  readonly output: string

  constructor(output: string) {
    super(`PostgreSQL did not start: ${output || 'it said nothing'}`)
    this.output = output
  }
}

export interface PostmasterOptions {
  readonly binaries: string
  readonly clusterFolder: string
  readonly port: number
  readonly user: ServerUser | undefined
  readonly settings: Readonly<Record<string, string>>
  readonly onLog: (line: string) => void
}

/** Always set: where it listens, and a log that holds no row's values (they are personal data). */
const FIXED_SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
}

/** Starts PostgreSQL and waits until it takes connections. */
export async function startPostmaster(options: PostmasterOptions): Promise<ChildProcess> {
  const settings = { ...FIXED_SETTINGS, ...options.settings, port: String(options.port) }
  const child = spawn(
    join(options.binaries, 'postgres'),
    [
      '-D',
      realpathSync(options.clusterFolder),
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    {
      ...options.user,
      cwd: realpathSync(options.clusterFolder),
      env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', 'ignore', 'pipe'],
      // A group of its own: Ctrl-C in the terminal is for the server, which stops PostgreSQL when it has answered.
      detached: true,
    },
  )
  const lines: string[] = []
  const { promise, resolve, reject } = Promise.withResolvers<ChildProcess>()
  createInterface({ input: child.stderr! }).on('line', (line) => {
    options.onLog(line)
    lines.push(line)
    if (lines.length > KEPT_LINES) lines.shift()
    if (line.includes(READY)) resolve(child)
  })
  child.once('error', (error) => reject(new PostmasterFailed(error.message)))
  child.once('close', () => reject(new PostmasterFailed(lines.join('\n'))))
  return promise
}

/** Fast shutdown: open transactions are rolled back, everything committed is on disk. */
export async function stopPostmaster(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill('SIGINT')
  const timer = setTimeout(() => child.kill('SIGQUIT'), FAST_SHUTDOWN_TIMEOUT_MS)
  await exit
  clearTimeout(timer)
}
