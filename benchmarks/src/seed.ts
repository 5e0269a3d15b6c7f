import { migrate } from '@identity/core/postgres'
import postgres, { type Sql } from 'postgres'
import type { Cluster, SchemaName } from './database.ts'
import { CREATE_TABLE } from './peer/schema.ts'
import { HOT_RUN } from './request-stream.ts'

const CHUNK = 500_000

/** Who is known before the first run. */
export interface Known {
  readonly customers: number
  /** Of the hot person. */
  readonly hotContacts: number
}

/** Databases with known customers. Each is seeded once, and copied for whoever is measured. */
export class Seeds {
  readonly #cluster: Cluster
  readonly #templates = new Set<string>()
  #copies = 0

  constructor(cluster: Cluster) {
    this.#cluster = cluster
  }

  /**
   * A database with customers 0 to `customers - 1` and the hot person with so many contacts. Rows are written by SQL, the same that the service
   * would write for `customerBody` and `hotBody`.
   * @returns its name
   */
  async copy(
    schema: SchemaName,
    { customers, hotContacts }: Known,
    signal: AbortSignal,
    report: (line: string) => void,
  ) {
    const template = `${schema}_${customers}_${hotContacts}`
    if (!this.#templates.has(template)) {
      await this.#cluster.run(`create database ${template}`)
      await seed(this.#cluster.urlOf(template), schema, { customers, hotContacts }, signal, report)
      this.#templates.add(template)
    }
    const name = `copy_${++this.#copies}_of_${template}`
    await this.#cluster.run(`create database ${name} template ${template} strategy file_copy`)
    if (schema === 'service') await readIntoMemory(this.#cluster.urlOf(name))
    return name
  }
}

async function seed(
  url: string,
  schema: SchemaName,
  { customers, hotContacts }: Known,
  signal: AbortSignal,
  report: (line: string) => void,
): Promise<void> {
  if (schema === 'service') await migrate(url)
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  try {
    if (schema === 'peer') await sql.unsafe(CREATE_TABLE)
    // The rows keep the foreign keys by the way they are made; a check of each would take most of the time.
    await sql`set session_replication_role = replica`
    for (let from = 0; from < customers; from += CHUNK) {
      signal.throwIfAborted()
      const to = Math.min(customers, from + CHUNK)
      await insertContacts(sql, schema, from, to)
      if (customers > CHUNK) report(`seeding ${schema}: ${to.toLocaleString('en')} contacts`)
    }
    await insertHotPerson(sql, schema, { customers, hotContacts })
    await sql`select setval('contact_id_seq', ${customers + hotContacts})`
    await sql`vacuum analyze contact`
  } finally {
    await sql.end({ timeout: 5 })
  }
}

/**
 * Has PostgreSQL read the rows and their keys, which a service that has run for a while finds in memory: otherwise the
 * first minutes measure the disk. By the keys, as a large table that is read from end to end is not kept.
 */
async function readIntoMemory(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  try {
    await sql`set enable_seqscan = off`
    await sql`set enable_bitmapscan = off`
    await sql`set max_parallel_workers_per_gather = 0`
    await sql`select sum(length(email)) from contact where workspace_id = 1`
    await sql`select count(email) from contact where workspace_id = 1 and email > '' and claimed in ('email', 'both')`
    await sql`select count(phone_number) from contact where workspace_id = 1 and phone_number > '' and claimed in ('phone', 'both')`
  } finally {
    await sql.end({ timeout: 5 })
  }
}

/** The values of `body` in request-stream.ts, of a run and a number. */
const emailOf = (run: number, number: string) => `'c${1000 + run}-' || (10000000 + ${number}) || '@shop.example'`
const phoneOf = (run: number, number: string) => `'+1${1000 + run}' || (10000000 + ${number})`
/** The service's table has a workspace, and says what a contact claims; customer n has contact n + 1 in both. */
const service = (schema: SchemaName, claimed: string) =>
  schema === 'service' ? ['workspace_id, claimed, ', `1, ${claimed}, `] : ['', '']

async function insertContacts(sql: Sql, schema: SchemaName, from: number, to: number): Promise<void> {
  const [columns, values] = service(schema, "'both'")
  await sql.unsafe(`
    insert into contact (${columns}id, email, phone_number, link_precedence)
    select ${values}n + 1, ${emailOf(0, 'n')}, ${phoneOf(0, 'n')}, 'primary' from generate_series(${from}, ${to - 1}) n`)
}

async function insertHotPerson(sql: Sql, schema: SchemaName, { customers, hotContacts }: Known): Promise<void> {
  const [columns, values] = service(schema, "case when n > 0 then 'email' else 'both' end")
  const primary = customers + 1
  await sql.unsafe(`
    insert into contact (${columns}id, email, phone_number, linked_id, link_precedence)
    select ${values}${primary} + n, ${emailOf(HOT_RUN, 'n')}, ${phoneOf(HOT_RUN, '0')},
      case when n > 0 then ${primary} end, case when n > 0 then 'secondary' else 'primary' end
    from generate_series(0, ${hotContacts - 1}) n`)
}
