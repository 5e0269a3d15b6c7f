import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, readFileSync } from 'node:fs'
import { join, matchesGlob } from 'node:path'

/** Copies what a build of the image would be given: the files of the checkout that .dockerignore lets through. */
export function copyContext(root: string, target: string): void {
  const patterns = readPatterns(readFileSync(join(root, '.dockerignore'), 'utf8'))
  for (const path of filesOf(root).filter((path) => !isIgnored(path, patterns))) {
    cpSync(join(root, path), join(target, path))
  }
}

/** Also those that git does not have yet; what it ignores, .dockerignore names too. */
function filesOf(root: string): string[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '-z']
  const { stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8' })
  return stdout.split('\0').filter((path) => path !== '' && existsSync(join(root, path)))
}

export function readPatterns(dockerignore: string): string[] {
  return dockerignore.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'))
}

/** As Docker does: the last pattern that matches the path, or a folder that it is in, decides. */
export function isIgnored(path: string, patterns: readonly string[]): boolean {
  const parts = path.split('/')
  const folders = parts.map((_, index) => parts.slice(0, index + 1).join('/'))
  const deciding = patterns.findLast((pattern) =>
    folders.some((folder) => matchesGlob(folder, pattern.replace(/^!/, ''))),
  )
  return deciding !== undefined && !deciding.startsWith('!')
}
