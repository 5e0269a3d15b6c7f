import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const IDENTITY = fileURLToPath(new URL('../../bin/identity', import.meta.url))

/** How a command ended. */
export interface Ended {
  /** Null where a signal ended it. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A command under way. */
export interface Running {
  readonly child: ChildProcessWithoutNullStreams
  readonly ended: Promise<Ended>
}

export interface Options {
  readonly cwd: string
  readonly env?: Record<string, string>
}

/** Starts the command in a process of its own, as `npx identity` does. */
export function start(args: readonly string[], { cwd, env = {} }: Options): Running {
  const { PATH, NODE_COMPILE_CACHE } = process.env
  const child = spawn(IDENTITY, args, { cwd, env: { PATH, NODE_COMPILE_CACHE, DEFAULT_REGION: 'IN', ...env } })
  // A test that times out does not come to its end.
  const killWithTest = () => child.kill('SIGKILL')
  process.once('exit', killWithTest)
  child.stdin.on('error', () => {})
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  const ended = once(child, 'close').then(([code]) => {
    process.off('exit', killWithTest)
    return { code: code as number | null, stdout, stderr }
  })
  return { child, ended }
}

/** Runs the command to its end. @param input its standard input */
export async function identity(args: readonly string[], options: Options & { input?: string }): Promise<Ended> {
  const { child, ended } = start(args, options)
  child.stdin.end(options.input ?? '')
  return ended
}

/** The figures of a summary by name, without those that are of time. */
export function figures(stdout: string): Record<string, number> {
  const lines = [...stdout.matchAll(/^(rows|accepted|refused|created|linked|merged|unchanged) +([\d,]+)/gm)]
  return Object.fromEntries(lines.map(([, name, count]) => [name!, Number(count!.replaceAll(',', ''))]))
}
