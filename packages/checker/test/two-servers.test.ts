import { createTestDatabase, postIdentify, startServer } from '@identity/testkit'
import { expect, it } from 'vitest'
import { PromiseBroken, runHistories, type Send } from '../src/run-histories.ts'

const HISTORIES = 2_000
const seed = Date.now() % 2 ** 31
const goesOn = (histories: number) => histories < HISTORIES

it(`${HISTORIES} random histories over two processes: each has an order that explains every answer (G1)`, async () => {
  await using database = await createTestDatabase()
  const env = { DATABASE_URL: database.url }
  await using a = await startServer(env)
  await using b = await startServer(env)
  const processes = {
    A: (request) => postIdentify(a.url, request),
    B: (request) => postIdentify(b.url, request),
  } satisfies Record<string, Send>
  const { calls } = await runHistories({ processes, seed, goesOn, concurrency: 48 })
  expect(calls).toBeGreaterThan(2 * HISTORIES)
})

it('and over the processes of one server', async () => {
  await using database = await createTestDatabase()
  await using server = await startServer({ DATABASE_URL: database.url, SERVER_PROCESSES: '2' })
  const processes = { A: (request) => postIdentify(server.url, request) } satisfies Record<string, Send>
  await runHistories({ processes, seed, goesOn: (histories) => histories < 150, concurrency: 48 })
})

it('a service that now and then answers from memory is found out', async () => {
  await using database = await createTestDatabase()
  await using server = await startServer({ DATABASE_URL: database.url })
  const remembered = new Map<string, ReturnType<Send>>()
  const forgetful: Send = (request) => {
    const key = JSON.stringify(request)
    const answer = remembered.get(key) ?? postIdentify(server.url, request)
    remembered.set(key, answer)
    return answer
  }
  await expect(runHistories({ processes: { A: forgetful }, seed, goesOn })).rejects.toThrow(PromiseBroken)
})
