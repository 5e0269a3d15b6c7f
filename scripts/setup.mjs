// Installs the dependencies when the lockfile or a manifest has changed since the last install.
// Runs on whatever Node the machine has (20 or newer); everything else runs on the Node pinned in package.json.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pnpm } from './pnpm.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const stampFile = join(root, 'node_modules', '.setup-stamp')

const manifests = ['apps', 'packages', 'examples'].flatMap((folder) =>
  readdirSync(join(root, folder)).map((name) => join(folder, name, 'package.json')),
)
const stamp = createHash('sha256')
for (const file of [
  'package.json',
  'pnpm-lock.yaml',
  'pnpm-workspace.yaml',
  'benchmarks/package.json',
  ...manifests.sort(),
]) {
  if (existsSync(join(root, file))) stamp.update(file).update(readFileSync(join(root, file)))
}
const digest = stamp.digest('hex')

if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== digest) {
  const status = pnpm('install', '--frozen-lockfile')
  if (status !== 0) {
    console.error('setup: the install failed; its own words are above. Check the network and run the command again.')
    process.exit(status)
  }
  writeFileSync(stampFile, digest)
}
