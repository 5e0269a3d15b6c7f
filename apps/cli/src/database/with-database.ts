import { type Client, type ClientOptions, openClient } from '@identity/core/postgres'
import type { Environment } from '../settings.ts'
import { openCommandDatabase } from './command-database.ts'

/** Runs the work on a connection of its own. */
export async function withDatabase<T>(
  env: Environment,
  work: (db: Client) => Promise<T>,
  options?: ClientOptions,
): Promise<T> {
  await using database = await openCommandDatabase(env)
  const client = openClient(database.url, options)
  try {
    return await work(client)
  } finally {
    await client.end({ timeout: 1 })
  }
}
