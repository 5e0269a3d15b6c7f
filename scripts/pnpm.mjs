// Runs the pnpm that package.json names, with these arguments, on a machine that has none: `node scripts/pnpm.mjs run check`.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** @returns {number} the exit status */
export function pnpm(...args) {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const { status } = spawnSync('npx', ['-y', packageManager, ...args], { cwd: root, stdio: 'inherit' })
  return status ?? 1
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) process.exit(pnpm(...process.argv.slice(2)))
