import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Execution, execute, succeed } from './command.ts'
import type { Compiler } from './compilers.ts'
import type { Registry } from './registry.ts'

const SOURCES = fileURLToPath(new URL('../projects', import.meta.url))

/** Another team's project, outside the workspace, of whose environment its programs see nothing. Use with `await using`. */
export interface Project extends AsyncDisposable {
  readonly folder: string
  /** Runs an npm command as a README has it, e.g. `npm install @identity/client`. */
  npm(command: string): Promise<void>
  compile(compiler: Compiler, ...args: string[]): Promise<Execution>
  /** Runs a program of the project on some Node. */
  node(path: string, args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Execution>
  /** Runs what became of a compiled file after some text of it, an address as a rule, was replaced. */
  nodeReplacing(path: string, script: string, [text, replacement]: [string, string]): Promise<Execution>
}

/**
 * @param sources the folder of `projects` whose files it has, or several
 * @param files other files, by name
 */
export function createProject(
  sources: string | readonly string[],
  registry: Registry,
  files: Readonly<Record<string, string>> = {},
): Project {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'identity-consumer-')))
  const folder = join(root, 'project')
  for (const source of ['common', sources].flat()) cpSync(join(SOURCES, source), folder, { recursive: true })
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text)
  const env = { PATH: process.env.PATH, HOME: root, NO_COLOR: '1' }
  const npmEnv = {
    ...env,
    npm_config_registry: registry.url,
    npm_config_cache: join(root, 'cache'),
    npm_config_globalconfig: join(root, 'globalconfig'),
    npm_config_ignore_scripts: 'true',
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_update_notifier: 'false',
  }
  const node: Project['node'] = (path, args, more) => execute(path, args, { cwd: folder, env: { ...env, ...more } })
  return {
    folder,
    node,
    async npm(command) {
      const [program, ...args] = command.split(' ')
      await succeed(program!, args, { cwd: folder, env: npmEnv })
    },
    compile: (compiler, ...args) => node(process.execPath, [compiler.tsc, ...args]),
    nodeReplacing(path, script, [text, replacement]) {
      const code = readFileSync(join(folder, script), 'utf8').replaceAll(text, replacement)
      return node(path, ['--input-type=module', '--eval', code])
    },
    async [Symbol.asyncDispose]() {
      rmSync(root, { recursive: true, force: true })
    },
  }
}
