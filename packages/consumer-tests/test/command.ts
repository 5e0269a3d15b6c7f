import { spawn } from 'node:child_process'
import { once } from 'node:events'

export interface Execution {
  readonly exitCode: number | null
  /** What it wrote to stdout and stderr, in the order written. */
  readonly output: string
}

export interface ExecuteOptions {
  readonly cwd: string
  readonly env?: NodeJS.ProcessEnv
}

/** Runs a program to its end, whatever that is. */
export async function execute(
  program: string,
  args: readonly string[],
  { cwd, env = process.env }: ExecuteOptions,
): Promise<Execution> {
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  const [exitCode] = (await once(child, 'close')) as [number | null]
  return { exitCode, output }
}

/** Runs a program that must succeed. @returns what it wrote */
export async function succeed(program: string, args: readonly string[], options: ExecuteOptions): Promise<string> {
  const { exitCode, output } = await execute(program, args, options)
  if (exitCode !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${exitCode}:\n${output}`)
  return output
}
