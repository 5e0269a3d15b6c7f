import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '@identity/embedded-postgres'
import { startServer } from '@identity/testkit'

/** Two servers on a PostgreSQL of their own, all of which are gone afterwards. Use with `await using`. */
export async function startOwnServers(): Promise<AsyncDisposable & { readonly urls: readonly string[] }> {
  await using undo = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'identity-soak-'))
  // Run by root, PostgreSQL is another user, who must be able to enter.
  chmodSync(folder, 0o755)
  undo.defer(() => rmSync(folder, { recursive: true, force: true }))
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'data') })
  undo.defer(() => postgres.stop())
  const env = { DATABASE_URL: postgres.url }
  const urls = [undo.use(await startServer(env)).url, undo.use(await startServer(env)).url]
  const running = undo.move()
  return { urls, [Symbol.asyncDispose]: () => running.disposeAsync() }
}
