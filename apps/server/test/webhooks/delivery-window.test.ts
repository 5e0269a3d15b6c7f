import type { EventCursor } from '@identity/core'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { DeliveryWindow } from '../../src/webhooks/delivery-window.ts'

interface Item {
  readonly cursor: EventCursor
  readonly keys: readonly number[]
}

const START = { position: 0, index: 0 }

/** A log of events about few persons; some are not wanted. */
const logArbitrary = fc
  .array(fc.option(fc.uniqueArray(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 }), { freq: 5 }))
  .map((log) => log.map((keys, n) => ({ cursor: { position: n + 1, index: 0 }, keys })))

it('lets those go that nothing earlier stands in the way of, all of them, and tells up to where all are over', () => {
  fc.assert(
    fc.property(logArbitrary, fc.infiniteStream(fc.nat()), (log, choices) => {
      const window = new DeliveryWindow<Item>(START)
      const open = new Set<Item>()
      const taken = new Set<Item>()
      const rest = [...log]
      const expectedDelivered = () => {
        const read = log.slice(0, log.length - rest.length)
        const first = read.findIndex((item) => open.has(item as Item))
        return (first === -1 ? read.at(-1) : read[first - 1])?.cursor ?? START
      }
      while (rest.length > 0 || open.size > 0) {
        const choice = choices.next().value
        if (rest.length > 0 && (open.size === 0 || choice % 2 === 0)) {
          const next = rest.shift()!
          if (next.keys === null) window.pass(next.cursor)
          else {
            open.add(next as Item)
            window.add(next as Item)
          }
        }
        for (let item = window.take(); item; item = window.take()) taken.add(item)
        const free = [...open].filter(
          (item, n, all) => !all.slice(0, n).some((earlier) => earlier.keys.some((key) => item.keys.includes(key))),
        )
        expect(taken).toEqual(new Set(free))
        if (free.length > 0) {
          const over = free[choice % free.length]!
          window.finish(over)
          open.delete(over)
          taken.delete(over)
        }
        expect(window.delivered).toEqual(expectedDelivered())
        expect([...window.unfinished]).toEqual([...open])
        const read = log.slice(0, log.length - rest.length)
        const ahead = read.filter((item) => item.cursor.position > window.delivered.position)
        expect(window.overAhead).toEqual(ahead.filter((item) => !open.has(item as Item)).map(({ cursor }) => cursor))
      }
      expect(window.size).toBe(0)
    }),
  )
})

it('names what holds all others back once most of them are over', () => {
  const window = new DeliveryWindow<Item>(START)
  const items = [1, 2, 3].map((n) => ({ cursor: { position: n, index: 0 }, keys: [n] }))
  for (const item of items) window.add(item)
  expect(window.obstacle).toBeUndefined()
  for (const item of items.slice(1)) window.finish(item)
  expect(window.obstacle).toBe(items[0])
  expect(window.size).toBe(3)
})
