import {
  applyBlocks,
  bulkIdentify,
  type Client,
  DeliveryStore,
  deleteOldEvents,
  PostgresStore,
  readBridges,
  repair,
  verify,
} from '@identity/core/postgres'
import { claimAll, createTestDatabase, HILL_VALLEY, seed } from '@identity/testkit'

export interface PlanNode {
  'Node Type': string
  'Relation Name'?: string
  'Index Name'?: string
  'Index Cond'?: string
  Plans?: PlanNode[]
}

/** Plans by the names in the statements' comments, all on tables that have never been analysed. */
export interface StatementPlans {
  readonly plans: ReadonlyMap<string, PlanNode>
  /** The same, planned while the tables have so many rows that the planner takes the whole workspace for a few of them. */
  readonly laterPlans: ReadonlyMap<string, PlanNode>
  /** The same, planned where to share the work out costs nothing. */
  readonly plansToShare: ReadonlyMap<string, PlanNode>
  /** The columns of each index, in their order. */
  readonly indexes: ReadonlyMap<string, readonly string[]>
}

const ROWS_LATER = 1_500

/** Runs the engine's statements on an empty database, and has PostgreSQL plan each as it does for a server and for a command. */
export async function planStatements(): Promise<StatementPlans> {
  await using database = await createTestDatabase()
  const texts = new Map<string, string>()
  const recording = new Proxy(database.pool, {
    get: (pool, property) =>
      property === 'use'
        ? (work: Parameters<typeof pool.use>[0]) =>
            pool.use(async (client) => {
              const result = await work(client)
              const rows = await client<Array<{ statement: string }>>`select statement from pg_prepared_statements`
              for (const { statement } of rows) {
                const name = /identity:([\w-]+)/.exec(statement)?.[1]
                if (name) texts.set(name, statement)
              }
              return result
            })
        : Reflect.get(pool, property),
  })
  const store = new PostgresStore(recording)
  await seed(database.db, [{ ...HILL_VALLEY[0]!, deletedAt: new Date() }])
  // Between them these use every statement: create over a deleted contact, create, link, merge, look up.
  await store.identify(1, [{ email: 'lorraine@hillvalley.edu', phoneNumber: '1' }])
  await store.identify(1, [{ email: 'ann@example.com', phoneNumber: '2' }])
  await store.identify(1, [{ email: 'ann@example.com', phoneNumber: '3' }])
  await store.identify(1, [{ email: 'ann@example.com', phoneNumber: '1' }])
  await store.find(1, { contactId: 1 })
  await store.events(1, { limit: 10 })
  await recording.use((client) => readBridges(client, 1, [1]))
  await useWebhooks(store, new DeliveryStore(recording, { leaseMs: 1_000 }))
  await deleteOldEvents(recording, 1, new Date(Date.now() + 1_000))
  // By the rules of another workspace, whose first separation need not wait for servers.
  await database.db`insert into policy (workspace_id, has_separations, updated_at) values (2, true, 'epoch')`
  const [cid] = await store.identify(2, [{ email: 'cid@example.com', phoneNumber: null }])
  const [dan] = await store.identify(2, [{ email: null, phoneNumber: '9' }])
  await store.rules.separate(2, [cid!.person.primaryContactId, dan!.person.primaryContactId])
  await store.identify(2, [{ email: 'cid@example.com', phoneNumber: '9' }])
  await store.rules.separations(2, { limit: 10 })
  await store.rules.refusals(2, { limit: 10 })
  await store.rules.previewBlock(2, { kind: 'phone', pattern: '*77' })
  await database.db`
    insert into block_rule (workspace_id, kind, pattern, created_at) values (2, 'phone', '77*', '2020-01-01')`
  for await (const _ of applyBlocks(recording, 2, { patienceMs: 5_000 }));
  const createdAt = new Date('2020-01-01T00:00:00Z')
  const orders = [
    { email: 'eve@example.com', phoneNumber: '4', createdAt },
    { email: 'eve@example.com', phoneNumber: '2' },
  ]
  for await (const _ of bulkIdentify(recording, oneByOne(orders), { workspaceId: 1, patienceMs: 5_000 }));
  // Two values of one contact that lead nowhere, two persons who share one, a secondary that is called primary, a primary
  // that is younger than its secondary, and a claim to what is released.
  await database.db.unsafe(`
    alter table contact drop constraint contact_primary_iff_unlinked, drop constraint contact_claims_what_links_it;
    update contact set released = 'phone' where phone_number = '9';
    update contact set link_precedence = 'primary' where phone_number = '3';
    update contact set created_at = now() + interval '1 hour' where linked_id is null and deleted_at is null;
    update contact set claimed = null where email = 'eve@example.com';
    update contact set phone_number = '4', claimed = 'email' where email = 'lorraine@hillvalley.edu' and deleted_at is null`)
  await repair(recording, { patienceMs: 5_000 })
  await correctAll(store)
  await recording.use((client) => verify(client))
  // As a server's connections are, so that the policies' conditions are in the plans.
  await database.db`select set_config('role', 'identity_service', false), set_config('identity.workspace', '1', false)`
  const plans = await planAll(database.db, texts)
  // As a command's connections are.
  await database.db.unsafe('reset role; reset identity.workspace')
  await database.db`
    insert into contact (workspace_id, id, email, link_precedence)
    select 1, n, md5(n::text) || '@example.com', 'primary' from generate_series(1000, ${999 + ROWS_LATER}::int) as n`
  await claimAll(database.db)
  const laterPlans = await planAll(database.db, texts)
  await database.db.unsafe(
    'set parallel_setup_cost = 0; set parallel_tuple_cost = 0; set min_parallel_table_scan_size = 0; set min_parallel_index_scan_size = 0',
  )
  const plansToShare = await planAll(database.db, texts)
  return { plans, laterPlans, plansToShare, indexes: await columnsOfIndexes(database.db) }
}

async function columnsOfIndexes(db: Client): Promise<Map<string, string[]>> {
  const rows = await db<Array<{ index: string; columns: string }>>`
    select c.relname as index, string_agg(a.attname, ' ' order by a.attnum) as columns
    from pg_index i join pg_class c on c.oid = i.indexrelid join pg_attribute a on a.attrelid = i.indexrelid
    where c.relnamespace = 'public'::regnamespace group by c.relname`
  return new Map(rows.map(({ index, columns }) => [index, columns.split(' ')]))
}

async function planAll(db: Client, texts: ReadonlyMap<string, string>): Promise<Map<string, PlanNode>> {
  const plans = new Map<string, PlanNode>()
  for (const [name, text] of texts) {
    if (/nextval|setval/.test(text)) continue
    const [row] = await db.unsafe(`explain (generic_plan, format json) ${text}`)
    plans.set(name, row!['QUERY PLAN'][0].Plan)
  }
  return plans
}

/** A merge is undone; a contact is deleted and restored, and split off, and erased, with a copy of its value elsewhere. */
async function correctAll(store: PostgresStore): Promise<void> {
  const [fay, gus] = [
    { email: 'fay@example.com', phoneNumber: '5' },
    { email: 'gus@example.com', phoneNumber: '6' },
  ]
  const answers = await store.identify(1, [
    fay!,
    gus!,
    { ...fay!, phoneNumber: '6' },
    { ...gus!, email: 'hal@example.com' },
  ])
  const [first, added] = [answers[0]!, answers[3]!].map(
    ({ person }) => [person.primaryContactId, ...person.secondaryContactIds].at(-1)!,
  )
  await store.corrections.deleteContact(1, added!)
  await store.corrections.restoreContact(1, added!)
  const events = await store.inquiries.history(1, first!, { limit: 10 })
  await store.corrections.undo(1, events.find(({ type }) => type === 'persons.merged')!.id)
  await store.corrections.split(1, { contactIds: [added!], keepApart: false })
  const gusId = (await store.find(1, { identifier: { kind: 'email', value: gus!.email } }))!.primaryContactId
  await store.corrections.erase(1, { contactId: gusId, reason: null })
}

async function useWebhooks({ webhooks }: PostgresStore, deliveries: DeliveryStore): Promise<void> {
  const cursor = { position: 1, index: 0 }
  const state = { delivered: cursor, over: [], failed: [], failuresInARow: 0, pausedUntilMs: null }
  const { id } = await webhooks.createEndpoint(1, { url: 'https://shop.example', secret: 'whsec_', types: null })
  await webhooks.rotateSecret(1, id, 'whsec_2', new Date())
  await deliveries.workspaces()
  await deliveries.freeEndpoints(1)
  await deliveries.take(1, id)
  await deliveries.look(1, id)
  await deliveries.renew(1, id, state)
  await deliveries.keepDeadLetter(1, id, cursor, { attempts: 1, error: 'timeout', status: null })
  await deliveries.countDeadLetters(1, id)
  const [letter] = await webhooks.deadLetters(1, { limit: 1 })
  await webhooks.retryDeadLetter(1, letter!.id)
  await webhooks.retryDeadLetters(1, id)
  await deliveries.retries(1, id, [], 1)
  await deliveries.deleteDeadLetter(1, letter!.id)
  await deliveries.end(1, id, state)
  await deliveries.disable(1, id)
  await webhooks.updateEndpoint(1, id, { enabled: true })
  await webhooks.deleteEndpoint(1, id)
}

async function* oneByOne<T>(items: readonly T[]): AsyncGenerator<T[]> {
  for (const item of items) yield [item]
}
