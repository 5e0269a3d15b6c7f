import fc from 'fast-check'
import { expect, it } from 'vitest'
import { packState, unpackState } from '../src/postgres/webhooks/delivery-state.ts'
import { DELIVERY_ERRORS } from '../src/webhook-store.ts'

const cursor = fc.record({ position: fc.nat(), index: fc.integer({ min: -1, max: 100 }) })
const timeMs = fc.nat()
const state = fc.record({
  delivered: cursor,
  over: fc.array(cursor),
  failed: fc.array(
    fc.record({
      cursor,
      deadLetterId: fc.option(fc.integer({ min: 1 })),
      attempts: fc.integer({ min: 1, max: 20 }),
      dueAtMs: timeMs,
      error: fc.constantFrom(...DELIVERY_ERRORS),
      status: fc.option(fc.integer({ min: 100, max: 599 })),
    }),
  ),
  failuresInARow: fc.nat(),
  pausedUntilMs: fc.option(timeMs),
})

it('a state comes back from the row as it was; of one with nothing but the place, the row holds nothing', () => {
  fc.assert(
    fc.property(state, (whole) => {
      expect(unpackState(whole.delivered, JSON.parse(JSON.stringify(packState(whole))))).toEqual(whole)
    }),
  )
  const delivered = { position: 7, index: 0 }
  expect(packState({ delivered, over: [], failed: [], failuresInARow: 0, pausedUntilMs: null })).toBeNull()
})
