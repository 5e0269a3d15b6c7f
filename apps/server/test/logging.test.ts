import { createIdentityClient } from '@identity/client'
import { createTestDatabase, postIdentify, startServer } from '@identity/testkit'
import { expect, it } from 'vitest'

it('no e-mail and no phone number ever reaches the log, not even at its loudest or on failures', async () => {
  await using database = await createTestDatabase()
  await using server = await startServer({ DATABASE_URL: database.url, LOG_LEVEL: 'trace' })
  const client = createIdentityClient({ url: server.url })
  const secret = { email: 'secret.person@example.com', phoneNumber: '4915112345678' }
  await postIdentify(server.url, secret)
  await client.person.get.query({ email: secret.email })
  await client.preview.query(secret)
  await fetch(`${server.url}/identify?email=${secret.email}`)
  await fetch(`${server.url}/persons?email=${secret.email}`)
  await fetch(`${server.url}/persons/${secret.email}`)
  await fetch(`${server.url}/nowhere/${secret.email}`)

  // A rule of the database's own, which the service does not know: its error message quotes the row.
  await database.db`alter table contact add constraint unforeseen check (phone_number <> '4915112345679')`
  const failure = await fetch(`${server.url}/identify`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'secret.other@example.com', phoneNumber: '4915112345679' }),
  })
  expect(failure.status).toBe(500)
  expect(await failure.json()).toMatchObject({
    code: 'internal',
    detail: expect.not.stringMatching(/constraint|contact/),
  })
  await client.identify.mutate({ email: 'secret.other@example.com', phoneNumber: '4915112345679' }).catch(() => {})
  await database.db`alter table contact rename to lost`
  expect((await fetch(`${server.url}/persons?phoneNumber=${secret.phoneNumber}`)).status).toBe(500)

  await server.stop()
  expect(server.output()).toContain('23514')
  expect(server.output()).toContain('answered 500')
  expect(server.output()).not.toMatch(/secret\.|49151123456|secret%2E/)
})

it('one request that the database refuses harms none of those that travel with it', async () => {
  await using database = await createTestDatabase()
  await using server = await startServer({ DATABASE_URL: database.url, LOG_LEVEL: 'silent' })
  await database.db`alter table contact add constraint unforeseen check (phone_number <> '13')`
  const answers = await Promise.allSettled(
    Array.from({ length: 40 }, (_, n) => postIdentify(server.url, { email: `n${n}@example.com`, phoneNumber: n })),
  )
  expect(answers.flatMap(({ status }, n) => (status === 'rejected' ? [n] : []))).toEqual([13])
})
