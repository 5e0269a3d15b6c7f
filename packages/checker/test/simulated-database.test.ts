import { PostgresStore } from '@identity/core/postgres'
import { createTestDatabase } from '@identity/testkit'
import { expect, it } from 'vitest'
import { randomPlan } from '../src/plan.ts'
import { Random } from '../src/random.ts'
import { SimulatedDatabase } from '../src/simulation/database.ts'
import { Faults, NO_FAULTS } from '../src/simulation/faults.ts'
import { SimulatedProcess } from '../src/simulation/process.ts'
import { Scheduler } from '../src/simulation/scheduler.ts'
import { withVirtualTime } from '../src/simulation/virtual-time.ts'

const HISTORIES = 100

it('answers the engine as PostgreSQL does', async () => {
  await using database = await createTestDatabase()
  const store = new PostgresStore(database.pool)
  const random = new Random(1)
  const scheduler = new Scheduler(random)
  const simulated = new SimulatedDatabase(() => scheduler.nowMs)
  const process = new SimulatedProcess(simulated, scheduler, new Faults(random, NO_FAULTS))
  for (let number = 0; number < HISTORIES; number++) {
    for (const request of randomPlan(random, String(1000 + number)).flat()) {
      const [real] = await store.identify(1, [request])
      const answer = await withVirtualTime(scheduler, async () => {
        const call = process.identify(request)
        let isDone = false
        void call.finally(() => {
          isDone = true
        })
        await scheduler.run(() => isDone, Number.POSITIVE_INFINITY)
        return call
      })
      expect(answer).toEqual(real)
    }
  }
})
