import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Client } from '@identity/core/postgres'
import * as schema from '@identity/core/schema'
import { createTestDatabase } from '@identity/testkit'
import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api'
import { expect, it } from 'vitest'

const META = join(import.meta.dirname, '../migrations/meta')
const tables = generateDrizzleJson({ ...schema })

it('the migrations make the tables of the schema, and no others', async () => {
  await using migrated = await createTestDatabase()
  await using made = await createTestDatabase({ empty: true })
  for (const statement of await generateMigration(generateDrizzleJson({}), tables)) await made.db.unsafe(statement)
  const expected = await structureOf(made.db)
  expect(expected.length).toBeGreaterThan(Object.keys(schema).length)
  expect(await structureOf(migrated.db)).toEqual(expected)
})

it('the newest snapshot is of the schema: the next migration is made from what has changed since', () => {
  const { entries } = JSON.parse(readFileSync(join(META, '_journal.json'), 'utf8'))
  const newest = String(entries.at(-1).idx).padStart(4, '0')
  const snapshot = JSON.parse(readFileSync(join(META, `${newest}_snapshot.json`), 'utf8'))
  expect({ ...snapshot, id: tables.id, prevId: tables.prevId }).toEqual(tables)
})

/** Columns, constraints, indexes and sequences in PostgreSQL's own words. Columns may stand in any order. */
async function structureOf(db: Client): Promise<string[]> {
  const rows = await db<Array<{ part: string }>>`
    with part as (
      select attrelid as owner, concat_ws(' ', 'column', quote_ident(attname), format_type(atttypid, atttypmod),
        'collate ' || nullif(attcollation, 0)::regcollation, case when attnotnull then 'not null' end,
        case attidentity when 'd' then 'identity by default' when 'a' then 'identity always' end,
        'default ' || pg_get_expr(adbin, adrelid)) as text
      from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
      where attnum > 0 and not attisdropped
      union all
      select conrelid, concat_ws(' ', 'constraint', quote_ident(conname), pg_get_constraintdef(oid))
      from pg_constraint where contype <> 'n'
      union all
      select indrelid, pg_get_indexdef(indexrelid) from pg_index
      union all
      select refobjid, concat_ws(' ', 'sequence', seqrelid::regclass, seqtypid::regtype, 'start', seqstart,
        'increment', seqincrement, 'from', seqmin, 'to', seqmax, 'cache', seqcache)
      from pg_sequence join pg_depend on objid = seqrelid and refclassid = 'pg_class'::regclass and refobjsubid > 0
    )
    select relname || ': ' || text as part from part join pg_class on pg_class.oid = owner
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm') order by 1`
  return rows.map(({ part }) => part)
}
