import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createTestDatabase } from '@identity/testkit'
import { expect, it } from 'vitest'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as (options: { type: 'minor' }) => void

function oldSpaceBytes(): number {
  return getHeapSpaceStatistics().find((space) => space.space_name === 'old_space')!.space_used_size
}

it('a statement and its rows are gone with the next collection of young objects', async () => {
  await using database = await createTestDatabase()
  const run = async (count: number) => {
    for (let n = 0; n < count; n++) await database.db`select 'row ' || n from generate_series(1, 100) n`
    // Twice, as V8 takes an object for an old one when it has survived the first.
    for (let n = 0; n < 2; n++) collect({ type: 'minor' })
  }
  await run(1_000)
  const before = oldSpaceBytes()
  await run(200)
  // With the driver as it is published, some 10,000: docs/decisions/0036-a-patch-for-the-driver.md.
  expect((oldSpaceBytes() - before) / 200).toBeLessThan(1_000)
})
