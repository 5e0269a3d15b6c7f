import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { User } from './users.ts'

/** A process that holds an embedded PostgreSQL. */
export interface Launcher extends AsyncDisposable {
  readonly child: ChildProcess
  /** How to connect. Rejects with what the process wrote if it ends instead. */
  readonly url: Promise<string>
  /** Sends a signal and waits for the end. @returns the exit code, null where the signal ended it */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

export interface LaunchOptions {
  /** Another user to run as. */
  user?: User | undefined
  /** Shell commands to run first, such as `umask 077`. */
  shell?: string
  /** The script to run, where it is not this checkout's. */
  script?: string
}

/** Starts the embedded PostgreSQL in a process of its own. Use with `await using`. */
export function launch(dataDir: string, options: LaunchOptions = {}): Launcher {
  const { user, shell = 'true', script = join(import.meta.dirname, 'launch.ts') } = options
  const { PATH, NODE_COMPILE_CACHE } = process.env
  const child = spawn('/bin/sh', ['-c', `${shell} && exec "$0" "$@"`, process.execPath, script, dataDir], {
    ...user,
    cwd: '/',
    env: { PATH, NODE_COMPILE_CACHE },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const { promise: url, resolve, reject } = Promise.withResolvers<string>()
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk
      const ready = /^ready (\S+)\n/m.exec(output)
      if (ready) resolve(ready[1]!)
    })
  }
  const closed = once(child, 'close')
  void closed.then(() => reject(new Error(output)))
  // A test that kills the launcher before it is ready does not look at this.
  url.catch(() => {})
  async function stop(signal: NodeJS.Signals = 'SIGTERM') {
    child.kill(signal)
    await closed
    return child.exitCode
  }
  return {
    child,
    url,
    stop,
    async [Symbol.asyncDispose]() {
      await stop('SIGKILL')
    },
  }
}
