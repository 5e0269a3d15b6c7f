import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { run } from './command.ts'

/** Without it, scripts/setup.mjs cannot install into a copy, which would write through its links into the original. */
const LOCKFILE = 'pnpm-lock.yaml'

/** A copy of the tree to build and pack in, with the installed packages at hand: third parties' linked, ours its own. */
export function copyTree(root: string): Disposable & { path: string } {
  const path = mkdtempSync(join(tmpdir(), 'identity-release-'))
  const files = run(root, 'git', 'ls-files', '--cached', '--others', '--exclude-standard', '-z').split('\0')
  for (const file of files.filter((each) => each && each !== LOCKFILE && existsSync(join(root, each))))
    copy(root, path, file)
  for (const folder of globSync('{apps,packages,examples,benchmarks}/{,*/}node_modules', { cwd: root }))
    copy(root, path, folder)
  linkDependencies(root, path)
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) }
}

/** Links stay links, so that those between our packages lead to the copies. */
function copy(root: string, path: string, name: string): void {
  mkdirSync(dirname(join(path, name)), { recursive: true })
  cpSync(join(root, name), join(path, name), { recursive: true, verbatimSymlinks: true })
}

/** The package manager keeps its own notes in node_modules, in dot files; it makes them anew here. */
function linkDependencies(root: string, path: string): void {
  const [from, to] = [join(root, 'node_modules'), join(path, 'node_modules')]
  if (!existsSync(from)) return
  mkdirSync(to)
  const shared = readdirSync(from).filter((name) => ['.bin', '.pnpm'].includes(name) || !name.startsWith('.'))
  for (const name of shared) symlinkSync(join(from, name), join(to, name))
}
