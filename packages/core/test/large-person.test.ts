import { PostgresStore } from '@identity/core/postgres'
import { claimAll, createTestDatabase } from '@identity/testkit'
import { expect, it } from 'vitest'

const CONTACTS = 5_000
const PHONE = '919191'

const emailOf = (id: number) => `n${id}@example.com`
const ids = Array.from({ length: CONTACTS }, (_, n) => n + 1)

it('a person of thousands of contacts is answered whole, grows, and merges', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  await db`
    insert into contact (workspace_id, id, email, phone_number, linked_id, link_precedence, created_at)
    select 1, n, 'n' || n || '@example.com', ${PHONE}::text, case when n > 1 then 1 end,
      case when n > 1 then 'secondary' else 'primary' end, now() - interval '1 day' + n * interval '1 millisecond'
    from generate_series(1, ${CONTACTS}::int) n`
  await claimAll(db)
  const store = new PostgresStore(database.pool)

  const known = { email: emailOf(CONTACTS), phoneNumber: PHONE }
  const answers = await Promise.all(Array.from({ length: 8 }, () => store.identify(1, [known])))
  for (const [answer] of answers) {
    expect(answer!.outcome).toBe('existing')
    expect(answer!.person.primaryContactId).toBe(1)
    expect(answer!.person.emails).toEqual(ids.map(emailOf))
    expect(answer!.person.secondaryContactIds).toEqual(ids.slice(1))
  }

  // Known to be large by now: they wait for others, and must not wait for nobody.
  const others = Array.from({ length: 200 }, (_, n) =>
    store.identify(1, [{ email: `o${n}@example.com`, phoneNumber: null }]),
  )
  const beside = Array.from({ length: 3 }, () => store.identify(1, [known]))
  for (const [answer] of await Promise.all(beside)) expect(answer!.person.secondaryContactIds).toEqual(ids.slice(1))
  expect((await Promise.all(others)).flat().every(({ outcome }) => outcome === 'created')).toBe(true)

  const [linked] = await store.identify(1, [{ email: 'late@example.com', phoneNumber: PHONE }])
  expect(linked).toMatchObject({ outcome: 'linked', person: { primaryContactId: 1, phoneNumbers: [PHONE] } })
  expect(linked!.person.emails).toHaveLength(CONTACTS + 1)

  await store.identify(1, [{ email: 'other@example.com', phoneNumber: '717171' }])
  const [merged] = await store.identify(1, [{ email: 'other@example.com', phoneNumber: PHONE }])
  expect(merged).toMatchObject({ outcome: 'merged', person: { primaryContactId: 1, phoneNumbers: [PHONE, '717171'] } })
  expect(merged!.person.emails).toHaveLength(CONTACTS + 2)
})
