import { existsSync, readFileSync } from 'node:fs'
import postgres from 'postgres'

/** Makes the database unless it is there. */
export async function createDatabase(url: string, name: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  try {
    const [existing] = await sql`select 1 from pg_database where datname = ${name}`
    if (!existing) await sql`create database ${sql(name)}`
  } finally {
    await sql.end()
  }
}

/** The same port as last time, where it is free: whoever shares the database by its address finds it again. */
export function lastPort(addressFile: string): number {
  if (!existsSync(addressFile)) return 0
  // Not taken for granted: a power cut may have come between the file and its content.
  return Number(/:(\d{1,5})\//.exec(readFileSync(addressFile, 'utf8'))?.[1] ?? 0)
}
