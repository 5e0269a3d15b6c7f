import {
  createKey,
  findOrCreateWorkspace,
  hashOfKey,
  idOfKey,
  KeyRing,
  listKeys,
  listWorkspaces,
  type Pool,
  revokeKey,
} from '@identity/core/postgres'
import { createTestDatabase, takeAway } from '@identity/testkit'
import { describe, expect, it } from 'vitest'

const SCOPE = 'identify'

describe('keys', () => {
  it('are shown once: neither the table nor a list has the secret', async () => {
    await using database = await createTestDatabase()
    const { key, id } = await createKey(database.db, { workspace: 'fluxkart', scope: SCOPE, name: 'the checkout' })
    expect(key).toMatch(new RegExp(`^idk_${id}_[\\w-]{43}$`))
    const secret = key.split('_').slice(2).join('_')
    const everything = JSON.stringify([await database.db`select * from api_key`, await listKeys(database.db)])
    expect(everything).not.toContain(secret)
    expect(everything).toContain(id)
    expect(await listKeys(database.db, { workspace: 'fluxkart' })).toMatchObject([
      { id, name: 'the checkout', scope: SCOPE, workspace: 'fluxkart', state: 'usable', expiresAt: null },
    ])
    expect(await listKeys(database.db, { workspace: 'other' })).toEqual([])
  })

  it('end when they are revoked, once, or by themselves', async () => {
    await using database = await createTestDatabase()
    const { id } = await createKey(database.db, { workspace: 'default', scope: SCOPE })
    const old = await createKey(database.db, { workspace: 'default', scope: SCOPE, expiresAt: new Date(0) })
    const revokedAt = await revokeKey(database.db, id)
    expect(await revokeKey(database.db, id)).toEqual(revokedAt)
    expect(await revokeKey(database.db, 'nobodysid222')).toBeNull()
    // Two that were made in one millisecond stand in no order that is known.
    const states = new Map((await listKeys(database.db)).map((key) => [key.id, key.state]))
    expect([states.get(id), states.get(old.id)]).toEqual(['revoked', 'expired'])
    expect(await listWorkspaces(database.db)).toMatchObject([{ id: 1, name: 'default', usableKeys: 0 }])
  })

  it('are told from anything else by their form', () => {
    const key = `idk_abcdefghijkl_${'x'.repeat(43)}`
    expect(hashOfKey(key)).toMatch(/^[0-9a-f]{64}$/)
    expect([`${key}x`, ` ${key}`, `${key}\n`, key.toUpperCase(), 'idk_', ''].map(hashOfKey)).toEqual(
      Array(6).fill(undefined),
    )
    expect([key, 'idk_abcdefghijkl', 'abcdefghijkl', 'abc'].map(idOfKey)).toEqual([
      ...Array(3).fill('abcdefghijkl'),
      undefined,
    ])
  })
})

it('a workspace is made once, also by ten at the same moment', async () => {
  await using database = await createTestDatabase()
  const names = Array.from({ length: 10 }, (_, n) => (n % 2 ? 'one' : `other-${n}`))
  const made = await Promise.all(names.map((name) => database.pool.use((db) => findOrCreateWorkspace(db, name))))
  expect(made.filter(({ isNew }) => isNew)).toHaveLength(6)
  expect(new Set(made.map(({ id, name }) => `${id} ${name}`))).toHaveLength(6)
  await expect(findOrCreateWorkspace(database.db, 'Flux Kart')).rejects.toMatchObject({ code: 'invalid_request' })
})

describe('the key ring', () => {
  /** How often the pool was asked for a connection. */
  function counting(pool: Pool): { pool: Pool; count(): number } {
    let uses = 0
    const counted = new Proxy(pool, {
      get: (target, property) =>
        property === 'use'
          ? (work: Parameters<Pool['use']>[0]) => {
              uses++
              return target.use(work)
            }
          : Reflect.get(target, property),
    })
    return { pool: counted, count: () => uses }
  }

  it('asks once for all who come together, and not again while the answer is fresh', async () => {
    await using database = await createTestDatabase()
    const keys = await Promise.all(
      Array.from({ length: 5 }, () =>
        database.pool.use((db) => createKey(db, { workspace: 'default', scope: 'read' })),
      ),
    )
    const { pool, count } = counting(database.pool)
    const ring = new KeyRing(pool, { refreshAfterMs: 60_000, maxAgeMs: 60_000 })
    const hashes = [...keys.map(({ key }) => hashOfKey(key)!), 'f'.repeat(64)]
    const find = () => Promise.all([...hashes, ...hashes].map((hash) => ring.find(hash)))
    const holders = await find()
    expect(holders.map((holder) => holder?.keyId)).toEqual(
      [...Array(2)].flatMap(() => [...keys.map(({ id }) => id), undefined]),
    )
    expect(await find()).toEqual(holders)
    expect(await ring.hasKeys()).toBe(true)
    expect(count()).toBe(1)
  })

  it('a revocation shows with the next question', async () => {
    await using database = await createTestDatabase()
    const ring = new KeyRing(database.pool, { refreshAfterMs: 0, maxAgeMs: 0 })
    expect(await ring.hasKeys()).toBe(false)
    const { key, id } = await createKey(database.db, { workspace: 'default', scope: SCOPE })
    expect(await ring.find(hashOfKey(key)!)).toMatchObject({ workspaceId: 1, scope: SCOPE, state: 'usable' })
    await revokeKey(database.db, id)
    expect(await ring.find(hashOfKey(key)!)).toMatchObject({ state: 'revoked' })
    expect(await ring.hasKeys()).toBe(true)
  })

  it('does not believe what is too old: with the database away, the answer is unavailable', async () => {
    await using database = await createTestDatabase()
    const ring = new KeyRing(database.pool, { refreshAfterMs: 0, maxAgeMs: 0, timeoutMs: 500 })
    const { key } = await createKey(database.db, { workspace: 'default', scope: SCOPE })
    expect(await ring.find(hashOfKey(key)!)).toMatchObject({ state: 'usable' })
    const bringBack = await takeAway(database)
    await expect(ring.find(hashOfKey(key)!)).rejects.toMatchObject({ code: 'unavailable', retryAfterS: 1 })
    await bringBack()
    const find = async () => ring.find(hashOfKey(key)!)
    await expect.poll(() => find().catch(() => undefined)).toMatchObject({ state: 'usable' })
  })
})
