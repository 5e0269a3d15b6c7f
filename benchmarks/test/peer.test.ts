import { components, type OracleRequest } from '@identity/checker'
import { createTestDatabase, postIdentify } from '@identity/testkit'
import { expect, it } from 'vitest'
import { startUnderLoad } from '../src/server-under-load.ts'

const REQUESTS = 600
const AT_ONCE = 32
/** So few that persons are joined again and again, so many that not all become one. */
const VALUES = 250

interface Row extends OracleRequest {
  id: number
  linkedId: number | null
}

it('the peer finds the right persons in requests that overlap', async () => {
  await using database = await createTestDatabase({ empty: true })
  await using peer = await startUnderLoad('peer', { databaseUrl: database.url })
  const any = (prefix: string) => `${prefix}${Math.floor(Math.random() * VALUES)}`
  const requests = Array.from({ length: REQUESTS }, (_, n) => ({
    email: `${any('e')}@shop.example`,
    phoneNumber: n % 3 < 2 ? any('555') : null,
  }))
  const left = [...requests]
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let request = left.pop(); request; request = left.pop()) await postIdentify(peer.url, request)
    }),
  )

  const rows = await database.db<Row[]>`
    select id, email, phone_number as "phoneNumber", linked_id as "linkedId" from contact order by id`
  const primaries = new Set(rows.filter((row) => row.linkedId === null).map((row) => row.id))
  expect(rows.filter((row) => row.linkedId !== null && !primaries.has(row.linkedId))).toEqual([])
  const persons = [...primaries].map((id) => {
    const own = rows.filter((row) => (row.linkedId ?? row.id) === id)
    const emails = own.filter(({ email }) => email !== null).map(({ email }) => `email:${email}`)
    const phones = own.filter(({ phoneNumber }) => phoneNumber !== null).map((row) => `phone:${row.phoneNumber}`)
    return [...new Set([...emails, ...phones])].sort()
  })
  expect(persons.map(String).sort()).toEqual(components(requests).map(String).sort())
  // Whatever overlapped, no order is kept twice.
  const keys = rows.map(({ email, phoneNumber }) => `${email} ${phoneNumber}`)
  expect(new Set(keys).size).toBe(keys.length)
})
