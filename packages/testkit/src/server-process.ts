import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../../apps/server/src/main.ts', import.meta.url))

/** What `npm start` gives Node for the service's sake: docs/decisions/0033-a-young-generation-of-one-size.md. */
export const SERVER_NODE_FLAGS = [
  '--min-semi-space-size=16',
  '--max-semi-space-size=16',
  '--no-allocation-site-pretenuring',
]

/** A server in a process of its own, started as `npm start` starts it. */
export interface ServerProcess extends AsyncDisposable {
  readonly url: string
  readonly child: ChildProcess
  /** All it has written so far, logs and errors. */
  output(): string
  /** Sends a signal and waits for the end. @returns the exit code, null where a signal ended it */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/**
 * Starts a server on a free port and waits until it says that it is ready. Use with `await using`.
 * @param main another program than the service, that says it in the same words
 */
export async function startServer(env: Record<string, string>, main: string = MAIN): Promise<ServerProcess> {
  const { PATH, HOME, NODE_COMPILE_CACHE } = process.env
  const child = spawn(process.execPath, ['--conditions=@identity/source', ...SERVER_NODE_FLAGS, main], {
    env: { PATH, HOME, NODE_COMPILE_CACHE, PORT: '0', LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  // A test that times out does not come to its disposal.
  const killWithTest = () => child.kill('SIGKILL')
  process.once('exit', killWithTest)
  child.once('exit', () => process.off('exit', killWithTest))
  let output = ''
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  for (const stream of [child.stdout!, child.stderr!]) {
    createInterface({ input: stream }).on('line', (line) => {
      output += `${line}\n`
      const ready = /listening on (http:[^\s;]+)/.exec(line)
      if (ready) resolve(ready[1]!)
    })
  }
  const closed = once(child, 'close')
  void closed.then(([code, signal]) =>
    reject(new Error(`the server ended (${code ?? signal}) before it was ready:\n${output}`)),
  )
  const url = await promise
  async function stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal)
    await closed
    return child.exitCode
  }
  return {
    url,
    child,
    output: () => output,
    stop,
    async [Symbol.asyncDispose]() {
      await stop()
    },
  }
}
