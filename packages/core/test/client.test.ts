import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { openClient } from '@identity/core/postgres'
import { createTestDatabase } from '@identity/testkit'
import fc from 'fast-check'
import { expect, it } from 'vitest'

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

it('a connection that is taken and closed without an answer is a failure, not one to try for ever', async () => {
  let connections = 0
  await using server = createServer((socket) => {
    connections++
    socket.resume().end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const client = openClient(`postgres://user:password@127.0.0.1:${port}/database`)
  await expect(client`select 1`).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' })
  await client.end({ timeout: 0 })
  expect(connections).toBe(1)
})
