import { spawnSync } from 'node:child_process'

// The dependencies are installed already, and new versions of our packages do not change them.
const env = { ...process.env, pnpm_config_verify_deps_before_run: 'false' }

export interface Result {
  readonly output: string
  readonly hasFailed: boolean
}

/** Runs a program to its end and takes what it writes. */
export function attempt(cwd: string, command: string, ...args: string[]): Result {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, env, encoding: 'utf8', maxBuffer: 2 ** 26 })
  if (error) throw new Error(`${command} does not start: ${error.message}`)
  return { output: status === 0 ? stdout : `${stdout}${stderr}`, hasFailed: status !== 0 }
}

/** The same for one that must not fail; its words are the error's. */
export function run(cwd: string, command: string, ...args: string[]): string {
  const { output, hasFailed } = attempt(cwd, command, ...args)
  if (hasFailed) throw new Error(`${[command, ...args].join(' ')} failed:\n${output.trim()}`)
  return output
}

/** The same for one that people watch. */
export function watch(cwd: string, command: string, ...args: string[]): void {
  console.log(`\n$ ${[command, ...args].join(' ')}`)
  const { status, error } = spawnSync(command, args, { cwd, env, stdio: 'inherit' })
  if (error || status !== 0) throw new Error(`${[command, ...args].join(' ')} failed; its own words are above.`)
}
