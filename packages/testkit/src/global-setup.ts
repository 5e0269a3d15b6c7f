import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { migrate } from '@identity/core/postgres'
import { startEmbeddedPostgres } from '@identity/embedded-postgres'
import type { TestProject } from 'vitest/node'
import { temporaryRoot } from './temporary-root.ts'
import { TEMPLATE } from './test-database.ts'

/** Where Node keeps what it has compiled: each server and each command starts in two thirds of the time. */
const COMPILE_CACHE = fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url))

declare module 'vitest' {
  export interface ProvidedContext {
    /** A PostgreSQL for all tests, with a migrated template to clone. */
    postgresUrl: string
  }
}

/** One real PostgreSQL for the whole run. It forgets everything when the run ends, so it need not wait for the disk. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // The processes of the tests, and those that they start, have it from here.
  process.env.TMPDIR = temporaryRoot()
  process.env.NODE_COMPILE_CACHE ??= COMPILE_CACHE
  const dataDir = mkdtempSync(join(tmpdir(), 'identity-test-'))
  // Run by root, PostgreSQL is another user, who must be able to enter.
  chmodSync(dataDir, 0o755)
  const postgres = await startEmbeddedPostgres({
    dataDir,
    database: TEMPLATE,
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' },
  })
  await migrate(postgres.url)
  project.provide('postgresUrl', postgres.url)
  return async () => {
    await postgres.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}
