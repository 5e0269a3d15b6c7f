import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { openClient } from '@identity/core/postgres'
import { createTestDatabase } from '@identity/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

/** PostgreSQL knows no character 0, and no half of a surrogate pair. */
const text = fc.oneof(
  fc.constantFrom('', 'NULL', '"', '\\', '{', ',', '\n', 'ann@example.com'),
  fc.string({ unit: 'binary' }).filter((drawn) => !drawn.includes('\0')),
)

it('arrays come to PostgreSQL as they are, whatever their texts hold', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  const texts = fc.array(fc.option(text))
  const numbers = fc.array(fc.option(fc.maxSafeInteger()))
  const sent = fc.asyncProperty(texts, numbers, async (texts, numbers) => {
    const [row] =
      await db`select to_json(${texts}::text[])::text as texts, to_json(${numbers}::bigint[])::text as numbers`
    expect(JSON.parse(row!.texts)).toEqual(texts)
    expect(JSON.parse(row!.numbers)).toEqual(numbers)
  })
  await fc.assert(sent, { numRuns: 200 })
})

/** Takes connections, answers what comes first, and closes them. @returns their addresses, and the ports that were called */
async function notPostgres(answer: string, servers: number) {
  const cleanup = new AsyncDisposableStack()
  const called: number[] = []
  const ports: number[] = []
  for (let n = 0; n < servers; n++) {
    const server = cleanup.use(createServer((socket) => socket.once('data', () => socket.end(answer))))
    server.on('connection', (socket) => called.push(socket.localPort!))
    await once(server.listen(0, '127.0.0.1'), 'listening')
    ports.push((server.address() as AddressInfo).port)
  }
  const hosts = ports.map((port) => `127.0.0.1:${port}`).join(',')
  const client = openClient(`postgres://user:password@${hosts}/database`)
  cleanup.defer(() => client.end({ timeout: 0 }))
  return { client, ports, called, [Symbol.asyncDispose]: () => cleanup.disposeAsync() }
}

describe.each([
  ['closes it without an answer', ''],
  ['answers as HTTP does', 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'],
  ['asks for a password', 'R\0\0\0\x08\0\0\0\x03'],
])('whoever takes a connection and %s', (_, answer) => {
  it.each([1, 2])('has failed, and is not tried for ever, where there are %i such', async (servers) => {
    await using other = await notPostgres(answer, servers)
    for (const attempt of [1, 2]) {
      await expect(other.client`select 1`).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' })
      expect(other.called).toEqual(Array.from({ length: attempt }, () => other.ports).flat())
    }
  })
})

it('a host that is none is passed over for one that is', async () => {
  await using database = await createTestDatabase()
  await using other = await notPostgres('', 1)
  const url = new URL(database.url)
  const client = openClient(database.url.replace(url.host, `127.0.0.1:${other.ports[0]},${url.host}`))
  expect(await client`select 1 as one`).toEqual([{ one: 1 }])
  await client.end()
  expect(other.called).toHaveLength(1)
})
