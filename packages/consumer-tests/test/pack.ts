import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { connectToCluster } from '@identity/testkit'
import { unpack } from '../../../scripts/release/tarball.ts'
import { succeed } from './command.ts'
import type { Manifest } from './installed-packages.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
/** Any number that nothing else on the database locks. */
const BUILD_LOCK = 7_264_002

/** A package as a release would publish it. Use with `await using`. */
export interface PackedPackage extends AsyncDisposable {
  /** The tarball's path. */
  readonly tarball: string
  /** The package.json inside it. */
  readonly manifest: Manifest
  /** The files inside it. */
  readonly files: readonly string[]
}

/** Builds a package from its sources as they are now, and packs it. */
export async function pack(name: string): Promise<PackedPackage> {
  // Two test files that build would write one `dist`. The database is what all of a run's processes share.
  await using cluster = connectToCluster()
  await cluster.run(`select pg_advisory_lock(${BUILD_LOCK})`)
  await pnpm('exec', 'turbo', 'run', 'build', `--filter=${name}`)
  const folder = mkdtempSync(join(tmpdir(), 'identity-tarball-'))
  const tarball = join(folder, 'package.tgz')
  await pnpm('--filter', name, 'pack', '--out', tarball)
  const files = new Map(unpack(tarball).map(({ path, content }) => [path, content.toString()]))
  return {
    tarball,
    manifest: JSON.parse(files.get('package.json')!) as Manifest,
    files: [...files.keys()],
    async [Symbol.asyncDispose]() {
      rmSync(folder, { recursive: true })
    },
  }
}

function pnpm(...args: string[]): Promise<string> {
  return succeed(process.execPath, [join(ROOT, 'scripts/pnpm.mjs'), ...args], { cwd: ROOT })
}
