import { createIdentityClient } from '@identity/client'
import { verify } from '@identity/core/postgres'
import { allClaims, claimAll, createTestDatabase, startServer } from '@identity/testkit'
import { expect, it } from 'vitest'

const PERSONS = 1_500

it('blocked values are taken from the persons there are in the background, beside identify, and after kill -9 from where it was', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  // One person a till: each has a number of its own, which the pattern blocks.
  await db.unsafe(`
    insert into contact (workspace_id, id, email, phone_number, linked_id, link_precedence, created_at)
    select 1, n, 'e' || n || '@shop.example', '0000' || n / 50, nullif(n / 50 * 50, n),
      case when n % 50 = 0 then 'primary' else 'secondary' end, '2024-01-01'::timestamptz + n * interval '1 minute'
    from generate_series(50, ${PERSONS + 49}) n;
    select setval('contact_id_seq', 10000)`)
  await claimAll(db)
  const isSplit = async () => {
    const [row] = await db`select count(*)::int from contact where link_precedence = 'primary'`
    return row!.count as number
  }
  {
    await using server = await startServer({ DATABASE_URL: database.url })
    const client = createIdentityClient({ url: server.url })
    const preview = await client.blockRules.preview.query({ kind: 'phone', pattern: '0000*' })
    expect(preview).toMatchObject({
      persons: PERSONS / 50,
      splitPersons: PERSONS / 50,
      partsAfter: PERSONS,
      isComplete: true,
    })
    expect(preview.sample[0]).toBe(50)
    expect(await client.blockRules.add.mutate({ kind: 'phone', pattern: '0000*' })).toMatchObject({ isApplied: false })
    while ((await isSplit()) === PERSONS / 50) await client.identify.mutate({ email: 'e60@shop.example' })
    await server.stop('SIGKILL')
  }
  expect(await isSplit()).toBeLessThan(PERSONS)
  await using server = await startServer({ DATABASE_URL: database.url })
  const client = createIdentityClient({ url: server.url })
  let [rule] = (await client.blockRules.list.query()).rules
  for (let n = 0; !rule!.isApplied; n++) {
    await client.identify.mutate({ email: `new${n}@shop.example`, phoneNumber: '00001' })
    ;[rule] = (await client.blockRules.list.query()).rules
  }
  const { contact } = await client.identify.mutate({ email: 'e60@shop.example', phoneNumber: '00001' })
  expect(contact).toEqual({
    primaryContactId: 60,
    emails: ['e60@shop.example'],
    phoneNumbers: [],
    secondaryContactIds: [],
  })
  expect((await verify(db)).findings.filter(({ level, count }) => level === 'fault' && count > 0)).toEqual([])
  expect((await allClaims(db)).filter(({ kind }) => kind === 'phone')).toEqual([])
  const splits = await db`
    select event -> 4 as id, event ->> 6 as cause from change, jsonb_array_elements(events) event
    where event ->> 0 = 'person.split'`
  expect(splits).toHaveLength(PERSONS - PERSONS / 50)
  expect(new Set(splits.map(({ id }) => id))).toHaveLength(splits.length)
})
