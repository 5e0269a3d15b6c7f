import { randomUUID } from 'node:crypto'
import {
  type Client,
  inWorkspace,
  migrate,
  openClient,
  Pool,
  PostgresStore,
  readIsolation,
} from '@identity/core/postgres'
import { connectToCluster, createTestDatabase } from '@identity/testkit'
import { describe, expect, it } from 'vitest'

const ANN = { email: 'ann@example.com', phoneNumber: '1' }

/** A migrated database and an address for it, of a user whom row-level security binds or not. */
async function databaseOf(
  user: 'a superuser' | 'its owner, who is none',
  attributes = '',
): Promise<AsyncDisposable & { url: string }> {
  const database = await createTestDatabase({ empty: user !== 'a superuser' })
  if (user === 'a superuser') return database
  const name = `owner_${randomUUID().replaceAll('-', '')}`
  const url = new URL(database.url)
  await using cluster = connectToCluster()
  await cluster.run(`create role ${name} login password 'secret' ${attributes}`)
  await cluster.run(`alter database ${url.pathname.slice(1)} owner to ${name}`)
  url.username = name
  url.password = 'secret'
  await migrate(url.href)
  return {
    url: url.href,
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]()
      await using cluster = connectToCluster()
      await cluster.run(`drop role ${name}`)
    },
  }
}

describe.each(['a superuser', 'its owner, who is none'] as const)('to the database as %s', (user) => {
  it('a statement that forgets the workspace reaches no other, and none where none was named', async () => {
    await using database = await databaseOf(user)
    await using cleanup = new AsyncDisposableStack()
    const pool = new Pool(database.url, { isolation: await readIsolation(database.url), maxConnections: 1 })
    cleanup.defer(() => pool.end())
    const store = new PostgresStore(pool)
    for (const workspaceId of [1, 2, 1]) await store.identify(workspaceId, [ANN])

    const seen = async (workspaceId: number) =>
      inWorkspace(pool, workspaceId, async (db) => [...(await db`select workspace_id from contact`)])
    expect(await seen(1)).toEqual([{ workspace_id: 1 }])
    expect(await seen(2)).toEqual([{ workspace_id: 2 }])
    expect(await seen(3)).toEqual([])
    const changed = await inWorkspace(pool, 2, (db) => db`update contact set updated_at = now() returning workspace_id`)
    expect([...changed]).toEqual([{ workspace_id: 2 }])
    const foreign = inWorkspace(pool, 2, (db) => db`insert into contact values (1, 9, '9', null, null, 'primary')`)
    await expect(foreign).rejects.toMatchObject({ code: '42501' })
    const moved = inWorkspace(pool, 2, (db) => db`update contact set workspace_id = 1`)
    await expect(moved).rejects.toMatchObject({ code: '42501' })
    const fresh = new Pool(database.url, { isolation: await readIsolation(database.url) })
    cleanup.defer(() => fresh.end())
    expect([...(await fresh.use((db) => db`select from contact`))]).toEqual([])
  })

  it('a connection goes from workspace to workspace, also after work that failed', async () => {
    await using database = await databaseOf(user)
    await using cleanup = new AsyncDisposableStack()
    const pool = new Pool(database.url, { isolation: await readIsolation(database.url), maxConnections: 2 })
    cleanup.defer(() => pool.end())
    const store = new PostgresStore(pool)
    const calls = Array.from({ length: 60 }, (_, n) =>
      store.identify(1 + (n % 3), [{ ...ANN, phoneNumber: `${n % 6}` }]),
    )
    await Promise.all(calls)
    await expect(inWorkspace(pool, 3, (db) => db`select 1 / 0`)).rejects.toThrow()
    for (const workspaceId of [1, 2, 3]) {
      const person = await store.find(workspaceId, { identifier: { kind: 'email', value: ANN.email } })
      expect(person!.phoneNumbers.toSorted()).toEqual([`${workspaceId - 1}`, `${workspaceId + 2}`])
    }
    expect(await store.find(4, { identifier: { kind: 'email', value: ANN.email } })).toBeNull()
  })
})

it('work on a connection that could not be set to its workspace is over before anybody else gets the connection', async () => {
  await using database = await databaseOf('a superuser')
  await using cleanup = new AsyncDisposableStack()
  const refused = Object.assign(new Error('canceled'), { code: '57014' })
  const pool = new Pool(database.url, {
    isolation: await readIsolation(database.url),
    maxConnections: 1,
    connect: (url, options) => refusing(/set-workspace/, refused, openClient(url, options)),
  })
  cleanup.defer(() => pool.end())
  const done: string[] = []
  const work = inWorkspace(pool, 1, async (db) => {
    await db`select 1`
    await db`select 2`
    done.push('the work')
  })
  const next = pool.use(async () => done.push('what came next'))
  await expect(work).rejects.toBe(refused)
  await next
  expect(done).toEqual(['the work', 'what came next'])
})

/** A client whose statements of this kind fail. */
function refusing(kind: RegExp, error: Error, client: Client): Client {
  return new Proxy(client, {
    apply: (target, self, args: Parameters<Client>) =>
      kind.test(String(args[0])) ? Promise.reject(error) : Reflect.apply(target, self, args),
  })
}

it('a user who is exempt and may make no role can serve all the same, and the server is told', async () => {
  await using database = await databaseOf('its owner, who is none', 'bypassrls')
  const isolation = await readIsolation(database.url)
  expect(isolation).toEqual({ role: undefined, isEffective: false })
  await using cleanup = new AsyncDisposableStack()
  const pool = new Pool(database.url, { isolation })
  cleanup.defer(() => pool.end())
  const [result] = await new PostgresStore(pool).identify(1, [ANN])
  expect(result!.person.emails).toEqual([ANN.email])
})
