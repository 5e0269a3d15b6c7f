import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { postIdentify, startServer } from '@identity/testkit'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../../../packages/embedded-postgres/test/support/temporary-folder.ts'

const order = { email: 'mcfly@hillvalley.edu', phoneNumber: '123456' }

it('a second server on the folder ends at once, and says how to share', async () => {
  await using folder = temporaryFolder()
  await using first = await startServer({ DATA_DIR: folder.dataDir })
  const address = join(folder.dataDir, 'database-url')
  await expect(startServer({ DATA_DIR: folder.dataDir, PORT: '8123' })).rejects.toThrow(
    [
      'the server ended (1) before it was ready:',
      `Another server runs on DATA_DIR=${folder.dataDir}. Stop it, or name another DATA_DIR for separate data. To share ` +
        `the data, start this one with DATABASE_URL set to the line in ${address}, and a PORT other than 8123.`,
      '',
    ].join('\n'),
  )
  expect(await postIdentify(first.url, order)).toMatchObject({ primaryContactId: 1 })
})

it('two servers share the data in the way that it says', async () => {
  await using folder = temporaryFolder()
  await using first = await startServer({ DATA_DIR: folder.dataDir })
  const address = readFileSync(join(folder.dataDir, 'database-url'), 'utf8').trim()
  await using second = await startServer({ DATABASE_URL: address })
  const { primaryContactId } = await postIdentify(first.url, order)
  const { secondaryContactIds } = await postIdentify(second.url, { ...order, email: 'lorraine@hillvalley.edu' })
  expect(secondaryContactIds).toHaveLength(1)
  expect(await postIdentify(first.url, { email: order.email })).toMatchObject({ primaryContactId, secondaryContactIds })
})

it('of two that start at the same instant, one serves and the other says so', async () => {
  await using folder = temporaryFolder()
  await using stack = new AsyncDisposableStack()
  const start = async () => stack.use(await startServer({ DATA_DIR: folder.dataDir }))
  const starts = await Promise.allSettled([start(), start()])
  const winners = starts.filter((result) => result.status === 'fulfilled')
  const losers = starts.filter((result) => result.status === 'rejected')
  expect(winners).toHaveLength(1)
  expect(String(losers[0]?.reason)).toContain(`Another server runs on DATA_DIR=${folder.dataDir}.`)
  expect(await postIdentify(winners[0]!.value.url, order)).toMatchObject({ emails: [order.email] })
})
