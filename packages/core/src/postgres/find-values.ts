import type { Client } from './client.ts'

/** A column that holds one of the values looked for. */
export interface FoundValue {
  readonly table: string
  readonly column: string
  readonly rows: number
}

/** What can hold a text, and its texts. Numbers in JSON are ids, and no values. */
const TEXTS_OF: Readonly<Record<string, (column: string) => string>> = {
  text: (column) => `array[${column}]`,
  'character varying': (column) => `array[${column}]`,
  character: (column) => `array[${column}]`,
  ARRAY: (column) => `array[${column}::text]`,
  bytea: (column) => `array[encode(${column}, 'escape')]`,
  json: (column) => stringsIn(`${column}::jsonb`),
  jsonb: stringsIn,
}

function stringsIn(json: string): string {
  return `array(select s #>> '{}' from jsonb_path_query(${json}, 'strict $.** ? (@.type() == "string")') as s)`
}

/**
 * Looks for values in every column of every table that can hold text, of all workspaces: the tables are those that the
 * database says there are, so that none can be forgotten. Reads all of them whole. A value counts where it stands by
 * itself: not as a part of a longer number or address.
 * @param values in canonical form
 */
export async function findValues(client: Client, values: readonly string[]): Promise<FoundValue[]> {
  const pattern = `(^|[^[:alnum:]._%+-])(${values.map(escaped).join('|')})($|[^[:alnum:]-])`
  const columns = await client<Array<{ schema: string; table: string; column: string; type: string }>>`
    select table_schema as "schema", table_name as "table", column_name as "column", data_type as "type"
    from information_schema.columns join information_schema.tables using (table_schema, table_name)
    where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')
    order by table_schema, table_name, ordinal_position`
  const found: FoundValue[] = []
  for (const { schema, table, column, type } of columns) {
    const texts = TEXTS_OF[type]?.(quoted(column))
    if (!texts) continue
    const [row] = await client.unsafe<[{ rows: number }]>(
      `select count(*) as rows from ${quoted(schema)}.${quoted(table)}
      where exists (select from unnest(${texts}) as held (value) where value ~* $1)`,
      [pattern],
    )
    if (row.rows > 0) found.push({ table, column, rows: row.rows })
  }
  return found
}

function escaped(value: string): string {
  return value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
