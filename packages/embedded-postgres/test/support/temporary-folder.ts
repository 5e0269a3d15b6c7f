import { chmodSync, chownSync, existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { isPostgresOf, isRunning, postmasterPid } from './processes.ts'
import { until } from './until.ts'
import type { User } from './users.ts'

/** A folder of one test's own. */
export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string
  /** A data folder in it; not made yet. */
  readonly dataDir: string
}

/** Use with `await using`. What the test left running in the data folder is ended, and what it wrote is deleted. */
export function temporaryFolder({
  user,
  mode = 0o755,
}: {
  user?: User | undefined
  mode?: number
} = {}): TemporaryFolder {
  const path = mkdtempSync(join(realpathSync(tmpdir()), 'identity-embedded-'))
  if (user) chownSync(path, user.uid, user.gid)
  chmodSync(path, mode)
  const dataDir = join(path, 'data')
  return {
    path,
    dataDir,
    async [Symbol.asyncDispose]() {
      await endPostgres(dataDir)
      deleteHome(dataDir)
      rmSync(path, { recursive: true, force: true, maxRetries: 20 })
    },
  }
}

async function endPostgres(dataDir: string): Promise<void> {
  const pid = postmasterPid(dataDir)
  if (!pid || !isPostgresOf(pid, realpathSync(join(dataDir, 'postgres', 'data')))) return
  process.kill(pid, 'SIGQUIT')
  await until('PostgreSQL ends', () => !isRunning(pid))
}

/** Deletes a data folder and the place outside it that its symlink may name. */
export function deleteHome(dataDir: string): void {
  const link = join(dataDir, 'postgres')
  if (existsSync(link) && dirname(realpathSync(link)) !== realpathSync(dataDir)) {
    rmSync(realpathSync(link), { recursive: true, force: true, maxRetries: 20 })
  }
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 20 })
}
