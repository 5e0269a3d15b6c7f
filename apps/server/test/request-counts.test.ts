import { expect, it } from 'vitest'
import { RemoteCounts } from '../src/cluster/remote-counts.ts'
import { RequestCounts } from '../src/request-counts.ts'

it('counts by key, and anew after a minute', () => {
  const counts = new RequestCounts()
  expect(counts.increment('a', 0)).toEqual({ current: 1, ttl: 60_000 })
  expect(counts.increment('a', 59_999)).toEqual({ current: 2, ttl: 1 })
  expect(counts.increment('b', 59_999)).toEqual({ current: 1, ttl: 60_000 })
  expect(counts.increment('a', 60_000)).toEqual({ current: 1, ttl: 60_000 })
})

it('forgets who has not come for longest where there are too many', () => {
  const counts = new RequestCounts(2)
  for (const key of ['a', 'b', 'a', 'c']) counts.increment(key, 0)
  expect(counts.increment('a', 0).current).toBe(3)
  expect(counts.increment('b', 0).current).toBe(1)
})

it('asks the primary once for what one turn brought', async () => {
  const questions: string[][] = []
  const remote = new RemoteCounts((keys) => {
    questions.push(keys)
    remote.receive(keys.map((key) => ({ current: key.length, ttl: 1 })))
  })
  const answers = await Promise.all(['a', 'bb', 'ccc'].map((key) => remote.increment(key)))
  expect(answers.map(({ current }) => current)).toEqual([1, 2, 3])
  expect((await remote.increment('dddd')).current).toBe(4)
  expect(questions).toEqual([['a', 'bb', 'ccc'], ['dddd']])
})
