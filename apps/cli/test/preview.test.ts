import { createTestDatabase, HILL_VALLEY, seed, TWO_PRIMARIES } from '@identity/testkit'
import { expect, it } from 'vitest'
import { temporaryFolder } from './support/orders-files.ts'
import { said } from './support/said.ts'

const ORDERS = `email,phone
mcfly@hillvalley.edu,123456
doc@hillvalley.edu,88
clara@hillvalley.edu,88
ann,
george@hillvalley.edu,717171
bob,
`

it('says of each order what would become of it once those before it were taken, and writes nothing', async () => {
  await using database = await createTestDatabase()
  using folder = temporaryFolder()
  await seed(database.db, [...HILL_VALLEY, ...TWO_PRIMARIES])
  const file = folder.write('orders.csv', ORDERS)
  const run = (...args: string[]) => said(['preview', file, ...args], { DATABASE_URL: database.url })
  const { code, stdout } = await run()
  expect(code).toBe(3)
  expect(stdout.split('\n')).toEqual([
    '2\texisting\tperson 1',
    '3\tcreated\tnew, of line 3',
    '4\tlinked\tnew, of line 3',
    expect.stringMatching(/^5\trow refused\temail must be/),
    '6\tmerged\tperson 11\tmoves 27',
    expect.stringMatching(/^7\trow refused\temail must be/),
  ])
  const objects = (await run('--json')).stdout.split('\n').map((line) => JSON.parse(line))
  expect(objects.find(({ line }) => line === 6)).toEqual({
    line: 6,
    outcome: 'merged',
    personId: 11,
    personOfLine: null,
    movedContactIds: [27],
    refusal: null,
  })
  expect(await database.db`select from contact`).toHaveLength(4)
  expect(await database.db`select from change`).toHaveLength(0)
})
