import { allContacts, connectToCluster, createTestDatabase, postIdentify, startServer } from '@identity/testkit'
import { expect, it } from 'vitest'
import { holdWrites } from './hold-writes.ts'

it('connections cut at any moment, COMMIT included: every call is answered, and nothing is lost or doubled', async () => {
  await using database = await createTestDatabase()
  await using server = await startServer({ DATABASE_URL: database.url, REQUEST_TIMEOUT_MS: '30000' })
  await using cluster = connectToCluster()
  const name = new URL(database.url).pathname.slice(1)
  const cut = () => cluster.run(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`)
  const senders = 8
  const calls = 400
  const order = (n: number) => ({ email: `e${n}@example.com`, phoneNumber: `${n}` })
  await Promise.all(
    Array.from({ length: senders }, async (_, sender) => {
      for (let n = sender; n < calls; n += senders) {
        const [answer] = await Promise.all([postIdentify(server.url, order(n)), n % 5 === 0 && cut()])
        expect(answer).toMatchObject({ emails: [order(n).email], phoneNumbers: [`${n}`], secondaryContactIds: [] })
      }
    }),
  )
  const contacts = await allContacts(database.db)
  expect(contacts.map(({ email }) => email).toSorted()).toEqual(
    Array.from({ length: calls }, (_, n) => order(n).email).toSorted(),
  )
}, 120_000)

it('SIGTERM: the requests that it has are answered, no new ones are taken, and it exits with 0', async () => {
  await using database = await createTestDatabase()
  await using server = await startServer({ DATABASE_URL: database.url })
  const holder = await holdWrites(database)
  const waiting = postIdentify(server.url, { email: 'ann@example.com' })
  await holder.waitingTransactions(1)
  const exitCode = server.stop('SIGTERM')
  await holder.release()
  expect((await waiting).primaryContactId).toBe(1)
  expect(await exitCode).toBe(0)
  await expect(fetch(`${server.url}/health/live`)).rejects.toThrow()
})

it('kill -9 of a server: what it answered is there, and another server goes on', async () => {
  await using database = await createTestDatabase()
  await using first = await startServer({ DATABASE_URL: database.url })
  const answered: number[] = []
  const senders = Array.from({ length: 8 }, async (_, s) => {
    for (let n = s; ; n += 8) {
      const answer = await postIdentify(first.url, { email: `e${n}@example.com`, phoneNumber: `${n}` }).catch(
        () => null,
      )
      if (!answer) return
      answered.push(n)
      if (answered.length === 200) await first.stop('SIGKILL')
    }
  })
  await Promise.all(senders)
  await using second = await startServer({ DATABASE_URL: database.url })
  const emails = new Set((await allContacts(database.db)).map(({ email }) => email))
  expect(answered.filter((n) => !emails.has(`e${n}@example.com`))).toEqual([])
  expect(answered.length).toBeGreaterThanOrEqual(200)
  const again = await postIdentify(second.url, { email: 'e0@example.com', phoneNumber: '0' })
  expect(again).toMatchObject({ secondaryContactIds: [] })
})
