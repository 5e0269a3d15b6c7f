import { PostgresStore } from '@identity/core/postgres'
import { createTestDatabase } from '@identity/testkit'
import { expect, it } from 'vitest'
import { said } from './support/said.ts'

it('lists endpoints without their secrets, disables and enables them, lists dead letters and sends them again', async () => {
  await using database = await createTestDatabase()
  const { webhooks } = new PostgresStore(database.pool)
  const url = 'https://shop.example/hooks'
  const { id } = await webhooks.createEndpoint(1, { url, secret: 'whsec_secret', types: ['persons.merged'] })
  await database.db`
    insert into webhook_dead_letter
      (workspace_id, endpoint_id, event_position, event_index, attempts, error, status, at)
    values (1, ${id}, 17, 0, 20, 'status', 500, now())`
  const run = (...args: string[]) => said(['webhooks', ...args], { DATABASE_URL: database.url })
  expect((await run('list')).stdout).toBe(`${id}\t${url}\tpersons.merged\tenabled`)
  expect(await run('disable', `${id}`)).toMatchObject({ code: 0, stderr: `Endpoint ${id} is disabled.` })
  expect((await run('list')).stdout).toMatch(/\tdisabled \S+ \(request\)$/)
  expect((await run('enable', `${id}`)).code).toBe(0)
  expect((await run('dead-letters')).stdout).toMatch(new RegExp(`^\\d+\t${id}\t17-0\t20\tstatus 500\t\\S+\tdead$`))
  expect((await run('retry', `${id}`)).stderr).toBe(`1 dead letters of endpoint ${id} are to be sent again.`)
  expect((await run('dead-letters')).stdout).toMatch(/\tto be sent again$/)
  expect(await run('enable', '99')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('no webhook endpoint 99'),
  })
  expect(await run('drop')).toMatchObject({ code: 2, stderr: expect.stringContaining('found "drop"') })
})
