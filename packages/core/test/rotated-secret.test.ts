import { createTestDatabase } from '@identity/testkit'
import { expect, it } from 'vitest'
import { openClient } from '../src/postgres/client.ts'
import { Pool } from '../src/postgres/pool.ts'
import { PostgresWebhooks } from '../src/postgres/webhooks/postgres-webhooks.ts'

it('a new secret whose answer is lost with the connection is given once more, beside the one before', async () => {
  await using database = await createTestDatabase()
  let losses = 0
  const connect: typeof openClient = (...args) =>
    new Proxy(openClient(...args), {
      apply(client, self, [parts, ...values]: [TemplateStringsArray, ...unknown[]]) {
        const query: Promise<unknown> = Reflect.apply(client, self, [parts, ...values])
        if (losses > 0 || !String(parts).includes('replace-webhook-secret')) return query
        losses++
        return query.then(() => Promise.reject(Object.assign(new Error('lost'), { code: 'CONNECTION_CLOSED' })))
      },
    })
  const pool = new Pool(database.url, { connect })
  const webhooks = new PostgresWebhooks(pool)
  const { id } = await webhooks.createEndpoint(1, { url: 'https://shop.example', secret: 'whsec_old', types: null })
  await webhooks.rotateSecret(1, id, 'whsec_new', new Date(Date.now() + 86_400_000))
  const [row] = await database.db`select secret, former_secret from webhook_endpoint`
  await pool.end()
  expect(losses).toBe(1)
  expect(row).toEqual({ secret: 'whsec_new', former_secret: 'whsec_old' })
})
