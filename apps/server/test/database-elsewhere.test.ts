import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { createTestDatabase, postIdentify, startLocalServer } from '@identity/testkit'
import { expect, it } from 'vitest'

const HTTP_ANSWER = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'
/** As many as the pauses between attempts allow in the time that two calls wait; without pauses there were hundreds. */
const MAX_CONNECTIONS = 100

it('where another service answers for the database: 503, no storm of connections; back again, all is well', async () => {
  await using database = await createTestDatabase()
  const { hostname, port, host } = new URL(database.url)
  let isAway = false
  let strays = 0
  const sockets = new Set<Socket>()
  await using front = createServer((socket) => {
    sockets.add(socket.on('error', () => {}))
    if (isAway) {
      strays++
      socket.once('data', () => socket.end(HTTP_ANSWER))
      return
    }
    const through = connect(Number(port), hostname).on('error', () => {})
    socket.pipe(through).pipe(socket)
  }).listen(0, '127.0.0.1')
  await once(front, 'listening')
  const url = database.url.replace(host, `127.0.0.1:${(front.address() as AddressInfo).port}`)
  await using server = await startLocalServer({ DATABASE_URL: url, REQUEST_TIMEOUT_MS: '300' })

  isAway = true
  for (const socket of sockets) socket.destroy()
  for (const email of ['ann@example.com', 'bob@example.com']) {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(`${server.url}/identify`, { method: 'POST', headers, body: JSON.stringify({ email }) })
    expect(response.status).toBe(503)
  }
  expect(strays).toBeGreaterThan(0)
  expect(strays).toBeLessThan(MAX_CONNECTIONS)

  isAway = false
  await expect.poll(async () => (await fetch(`${server.url}/health/ready`)).status, { timeout: 20_000 }).toBe(200)
  expect((await postIdentify(server.url, { email: 'ann@example.com' })).primaryContactId).toBe(1)
})
