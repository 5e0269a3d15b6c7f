import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { EmbeddedPostgresFailure } from './failure.ts'
import type { ServerUser } from './server-user.ts'

const READY = 'database system is ready to accept connections'
const FAST_SHUTDOWN_TIMEOUT_MS = 20_000
const KEPT_LINES = 20

/** PostgreSQL ended before it was ready; `output` is the last it said. */
export class PostmasterFailed extends EmbeddedPostgresFailure {
  readonly output: string

  constructor(output: string) {
    const lines = output.split('\n')
    const reasons = lines.filter((line) => / (FATAL|PANIC): /.test(line))
    super(`PostgreSQL did not start: ${(reasons.length > 0 ? reasons : lines).join('; ') || 'it said nothing'}`)
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

/** A PostgreSQL that takes connections. */
export interface Postmaster {
  /** Resolves when it has ended without having been asked to. */
  readonly died: Promise<void>
  /** Fast shutdown: open transactions are rolled back, everything committed is on disk. */
  stop(): Promise<void>
}

/** Starts PostgreSQL and waits until it takes connections. */
export async function startPostmaster(options: PostmasterOptions): Promise<Postmaster> {
  const settings = { ...FIXED_SETTINGS, ...options.settings, port: String(options.port) }
  const child = spawn(
    join(options.binaries, 'postgres'),
    // `orphan.ts` knows it by this beginning of its command line.
    ['-D', options.clusterFolder, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    {
      ...options.user,
      cwd: options.clusterFolder,
      env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', 'ignore', 'pipe'],
      // A group of its own: Ctrl-C in the terminal is for the server, which stops PostgreSQL when it has answered.
      detached: true,
    },
  )
  const postmaster = supervise(child)
  const lines: string[] = []
  const { promise: ready, resolve, reject } = Promise.withResolvers<void>()
  createInterface({ input: child.stderr! }).on('line', (line) => {
    options.onLog(line)
    lines.push(line)
    if (lines.length > KEPT_LINES) lines.shift()
    if (line.includes(READY)) resolve()
  })
  child.once('error', (error) => reject(new PostmasterFailed(error.message)))
  child.once('close', () => reject(new PostmasterFailed(lines.join('\n'))))
  await ready
  return postmaster
}

function supervise(child: ChildProcess): Postmaster {
  let isStopping = false
  const { promise: died, resolve: reportDeath } = Promise.withResolvers<void>()
  // However this process exits, PostgreSQL is not left running; only kill -9 leaves it, for the next start to stop.
  const stopAtExit = () => child.kill('SIGINT')
  process.once('exit', stopAtExit)
  child.once('exit', () => {
    process.off('exit', stopAtExit)
    if (!isStopping) reportDeath()
  })
  return {
    died,
    async stop() {
      isStopping = true
      if (child.exitCode !== null || child.signalCode !== null) return
      const exit = once(child, 'exit')
      child.kill('SIGINT')
      const timer = setTimeout(() => child.kill('SIGQUIT'), FAST_SHUTDOWN_TIMEOUT_MS)
      await exit
      clearTimeout(timer)
    },
  }
}
