import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { ServerProcess } from '@identity/testkit'

/** The processes that a server on a database of the test's own has started. */
export function workersOf({ child }: ServerProcess): number[] {
  const { stdout } = spawnSync('pgrep', ['-P', String(child.pid)], { encoding: 'utf8' })
  return stdout.split('\n').filter(Boolean).map(Number)
}

/** kill -9 for those that there are. */
export function killWorkers({ child }: ServerProcess): void {
  spawnSync('pkill', ['-KILL', '-P', String(child.pid)])
}

/** A connection that stays with the process that took it. */
export interface Connection extends Disposable {
  /** Sends a request. @returns the status line of the answer; undefined where the connection is gone */
  ask(): Promise<string | undefined>
}

/** Connects and gets one answer, so that some process has taken it. Use with `using`. */
export async function openConnection(url: string): Promise<Connection> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  const closed = new Promise<undefined>((resolve) => socket.once('close', () => resolve(undefined)))
  async function ask(): Promise<string | undefined> {
    if (socket.closed) return undefined
    socket.write('GET /health/live HTTP/1.1\r\nHost: test\r\n\r\n')
    const answer = once(socket, 'data').then(([bytes]) => String(bytes).split('\r\n', 1)[0])
    return Promise.race([answer.catch(() => undefined), closed])
  }
  await ask()
  return { ask, [Symbol.dispose]: () => socket.destroy() }
}
