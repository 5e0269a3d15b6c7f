import { MemoryStore } from '@identity/core'
import { describe, expect, it } from 'vitest'

const ANN = { email: 'ann@example.com', phoneNumber: null }
const ofRules = async (store: MemoryStore) =>
  (await store.events(1, { limit: 100 })).flatMap((event) => ('ruleId' in event ? [[event.type, event.ruleId]] : []))

describe('who waits for events', () => {
  it('is told of one that comes right after the call', async () => {
    const store = new MemoryStore()
    const told = store.untilEvents(1, undefined, new AbortController().signal)
    await store.identify(1, [ANN])
    await told
  })

  it('waits no longer when told so right after the call', async () => {
    const store = new MemoryStore()
    const controller = new AbortController()
    const over = store.untilEvents(1, undefined, controller.signal)
    controller.abort()
    await over
  })

  it('is refused where no event has the id', async () => {
    const waiting = new MemoryStore().untilEvents(1, '7-0', new AbortController().signal)
    await expect(waiting).rejects.toMatchObject({ code: 'invalid_request' })
  })
})

it('the preset keeps its id from when it is switched on to when it is switched off', async () => {
  const store = new MemoryStore()
  await store.rules.setPolicy(1, { blockJunk: true })
  const rule = await store.rules.addBlockRule(1, 'phone', '77*')
  await store.rules.setPolicy(1, { blockJunk: false })
  const presetId = (await ofRules(store))[0]?.[1]
  expect(rule.id).not.toBe(presetId)
  expect(await ofRules(store)).toEqual([
    ['identifier.blocked', presetId],
    ['identifier.blocked', rule.id],
    ['identifier.unblocked', presetId],
  ])
})

it('takes a thousand block rules, the preset among them, and tells of a suspect beyond them that it is one', async () => {
  const store = new MemoryStore()
  for (let n = 1; n < 1_000; n++) await store.rules.addBlockRule(1, 'email', `${n}@shop.com`)
  await store.rules.setPolicy(1, { blockJunk: true, suspectThreshold: 1, blockSuspects: true })
  const conflict = { code: 'conflict', message: expect.stringContaining('1000 block rules') }
  await expect(store.rules.addBlockRule(1, 'phone', '77*')).rejects.toMatchObject(conflict)
  for (const n of [1, 2]) await store.identify(1, [{ email: `ann${n}@shop.com`, phoneNumber: '5' }])
  const [last] = (await store.events(1, { limit: 2_000 })).slice(-1)
  expect(last).toMatchObject({ type: 'identifier.suspected', kind: 'phone' })
  await store.rules.setPolicy(1, { blockJunk: false })
  await store.rules.addBlockRule(1, 'phone', '77*')
  await expect(store.rules.setPolicy(1, { blockJunk: true })).rejects.toMatchObject(conflict)
  expect(await store.rules.policy(1)).toMatchObject({ blockJunk: false })
})
