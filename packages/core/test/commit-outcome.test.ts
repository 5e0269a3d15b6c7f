import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { bulkIdentify, type OutcomeCounts, Pool, PostgresStore } from '@identity/core/postgres'
import { allContacts, createTestDatabase, HILL_VALLEY, seed } from '@identity/testkit'
import { expect, it } from 'vitest'
import { hasChange } from '../src/postgres/statements/has-change.ts'
import { insertChange } from '../src/postgres/statements/insert-change.ts'
import { readTransactionStatus } from '../src/postgres/statements/read-transaction-status.ts'

/** Where the proxy cuts the first connection that sends COMMIT. */
type Cut = 'before COMMIT arrives' | 'after COMMIT has happened'

/** A proxy in front of PostgreSQL that cuts one connection at COMMIT, and then lets everything pass. */
async function startProxy(url: string, cut: Cut) {
  const target = new URL(url)
  const { hostname, port } = target
  const sockets = new Set<Socket>()
  let hasCut = false
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname)
    let isCommitting = false
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => {})
    }
    const end = () => [client, upstream].forEach((socket) => void socket.destroy())
    client.on('data', (data) => {
      isCommitting = !hasCut && data.includes('commit\0')
      if (isCommitting && cut === 'before COMMIT arrives') {
        hasCut = true
        return end()
      }
      upstream.write(data)
    })
    upstream.on('data', (data) => {
      if (isCommitting && data.includes('COMMIT\0')) {
        hasCut = true
        return end()
      }
      if (!isCommitting) client.write(data)
    })
    client.on('close', end)
    upstream.on('close', end)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  target.port = String((server.address() as AddressInfo).port)
  return {
    url: target.href,
    hasCut: () => hasCut,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

it.each<[Cut, number]>([
  ['before COMMIT arrives', 2],
  ['after COMMIT has happened', 1],
])('a connection cut %s: the service finds out which, and answers as if nothing had been', async (cut, id) => {
  await using database = await createTestDatabase()
  await using proxy = await startProxy(database.url, cut)
  const pool = new Pool(proxy.url)
  const [result] = await new PostgresStore(pool).identify(1, [{ email: 'ann@example.com', phoneNumber: '1' }])
  expect(proxy.hasCut()).toBe(true)
  // Had it guessed and repeated a transaction that was there, the outcome would be `existing`.
  expect(result).toMatchObject({ outcome: 'created', person: { primaryContactId: id, secondaryContactIds: [] } })
  expect(await allContacts(database.db)).toHaveLength(1)
  await pool.end()
})

it.each<Cut>(['before COMMIT arrives', 'after COMMIT has happened'])(
  'a connection cut %s: an import finds out too, and counts nothing twice',
  async (cut) => {
    await using database = await createTestDatabase()
    await using proxy = await startProxy(database.url, cut)
    const pool = new Pool(proxy.url)
    // More than one part, and a chunk that was prepared by what the first was to leave.
    const chunk = Array.from({ length: 1_200 }, (_, n) => ({ email: `${n}@example.com`, phoneNumber: null }))
    async function* twice() {
      yield chunk
      yield chunk
    }
    const counts: OutcomeCounts[] = []
    for await (const one of bulkIdentify(pool, twice(), { workspaceId: 1, patienceMs: 5_000 })) counts.push(one)
    expect(proxy.hasCut()).toBe(true)
    expect(counts).toMatchObject([
      { created: 1_200, existing: 0 },
      { created: 0, existing: 1_200 },
    ])
    expect(await allContacts(database.db)).toHaveLength(1_200)
    await pool.end()
  },
)

it.each<Cut>(['before COMMIT arrives', 'after COMMIT has happened'])(
  'a correction whose connection is cut %s is done once, and answered',
  async (cut) => {
    await using database = await createTestDatabase()
    await seed(database.db, HILL_VALLEY)
    await using proxy = await startProxy(database.url, cut)
    const pool = new Pool(proxy.url)
    const { persons } = await new PostgresStore(pool).corrections.deleteContact(1, 1)
    expect(proxy.hasCut()).toBe(true)
    // Had it guessed and repeated what was there, there would be no such contact any more.
    expect(persons).toMatchObject([{ primaryContactId: 23 }])
    expect(await database.db`select from change`).toHaveLength(1)
    await pool.end()
  },
)

it('a change that was given the id of one that a crash undid is not taken for that one', async () => {
  await using database = await createTestDatabase()
  const at = new Date('2026-11-27T10:00:00.000Z')
  await insertChange(database.db, 1, [], at)
  expect(await hasChange(database.db, 1, { id: 1, at })).toBe(true)
  expect(await hasChange(database.db, 1, { id: 1, at: new Date('2026-11-27T09:59:59.000Z') })).toBe(false)
})

it('a transaction that a crash undid has an id that PostgreSQL does not know yet', async () => {
  await using database = await createTestDatabase()
  expect(await readTransactionStatus(database.db, '9000000000000')).toBeNull()
})
