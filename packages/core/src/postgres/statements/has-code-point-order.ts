import type { Client } from '../client.ts'

/**
 * Whether text is in the order of its code points in this database, so that all values which begin alike are one range
 * of a key. In the order of a language they may lie apart.
 */
export async function hasCodePointOrder(db: Client): Promise<boolean> {
  const [row] = await db<[{ is_so: boolean }]>`
    /* identity:has-code-point-order */
    select datlocprovider = 'b' or (datlocprovider = 'c' and datcollate in ('C', 'POSIX')) as is_so
    from pg_database where datname = current_database()`
  return row.is_so
}
