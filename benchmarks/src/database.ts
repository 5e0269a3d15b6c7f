import { join } from 'node:path'
import { startEmbeddedPostgres } from '@identity/embedded-postgres'
import postgres from 'postgres'

/** A PostgreSQL of the benchmark's own. */
export interface BenchmarkDatabase extends AsyncDisposable {
  readonly url: string
  readonly version: string
  /** Contacts in the table now. */
  countContacts(): Promise<number>
}

/** Starts it as the service would: with the settings it comes with, so a commit waits for the disk. Use with `await using`. */
export async function startDatabase(folder: string): Promise<BenchmarkDatabase> {
  const embedded = await startEmbeddedPostgres({ dataDir: join(folder, 'data') })
  const sql = postgres(embedded.url, { max: 1, onnotice: () => {} })
  async function stop() {
    await sql.end({ timeout: 5 })
    await embedded.stop()
  }
  try {
    const [row] = await sql<[{ server_version: string }]>`show server_version`
    return {
      url: embedded.url,
      version: row.server_version,
      async countContacts() {
        const [{ count }] = await sql<[{ count: number }]>`select count(*)::int as count from contact`
        return count
      },
      [Symbol.asyncDispose]: stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
