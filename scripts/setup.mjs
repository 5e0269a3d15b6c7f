// Installs the dependencies when the lockfile or a manifest has changed since the last install.
// Runs on whatever Node the machine has (20 or newer); everything else runs on the Node pinned in package.json.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const stampFile = join(root, 'node_modules', '.setup-stamp')

const manifests = ['apps', 'packages', '.'].flatMap((folder) =>
  readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(folder, entry.name, 'package.json')),
)
const stamp = createHash('sha256')
for (const file of ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests.sort()]) {
  const path = join(root, file)
  if (existsSync(path) && !file.includes('node_modules')) stamp.update(file).update(readFileSync(path))
}
const digest = stamp.digest('hex')

if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== digest) {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const install = spawnSync('npx', ['-y', packageManager, 'install', '--frozen-lockfile'], {
    cwd: root,
    stdio: 'inherit',
  })
  if (install.status !== 0) {
    console.error('setup: the install failed; its own words are above. Check the network and run the command again.')
    process.exit(install.status ?? 1)
  }
  writeFileSync(stampFile, digest)
}
