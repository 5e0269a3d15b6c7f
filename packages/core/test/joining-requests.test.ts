import { components } from '@identity/checker'
import { MemoryStore } from '@identity/core'
import { requestArbitrary } from '@identity/testkit'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { joiningRequests } from '../src/joining-requests.ts'

it('contacts and joining requests come to the same persons as the requests that made them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(requestArbitrary(), { minLength: 1, maxLength: 30 }), async (requests) => {
      const store = new MemoryStore()
      await store.identify(1, requests)
      const persons = Map.groupBy(store.contacts(1), (contact) => contact.linkedId ?? contact.id)
      const exported = [...persons.values()].flatMap((contacts) => [...contacts, ...joiningRequests(contacts)!])
      expect(components(exported)).toEqual(components(requests))
    }),
    { numRuns: 500 },
  )
})

it('no request joins two e-mails without a phone', () => {
  const contacts = ['a', 'b'].map((name) => ({ email: `${name}@example.com`, phoneNumber: null }))
  expect(joiningRequests(contacts)).toBeNull()
})
