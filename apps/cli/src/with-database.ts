import { type Client, openClient } from '@identity/core/postgres'
import { openCommandDatabase } from '../database.ts'
import type { Environment } from '../settings.ts'

/** Runs the work on a connection of its own. */
export async function withDatabase<T>(env: Environment, work: (db: Client) => Promise<T>): Promise<T> {
  await using database = await openCommandDatabase(env)
  const client = openClient(database.url)
  try {
    return await work(client)
  } finally {
    await client.end({ timeout: 1 })
  }
}
