import type { IdentityEvent, Origin } from '@identity/core'
import { expect, it } from 'vitest'
import { packEvents, unpackEvents } from '../src/packed-events.ts'

const AT = new Date('2024-01-01T00:00:00.000Z')
const NOBODY: Origin = { actor: null, requestId: null }
const A_REQUEST: Origin = { actor: null, requestId: 'r-1' }

const CREATED: IdentityEvent = { type: 'person.created', personId: 5, contactId: 5 }
const ADDED: IdentityEvent = { type: 'contact.added', personId: 5, contactId: 6 }
const RENAMED: IdentityEvent = { type: 'contact.added', personId: 7, contactId: 7, formerPersonId: 5 }
const DELETED: IdentityEvent = { type: 'contact.deleted', personId: 5, contactId: 6 }

it.each([
  ['a person of an import', CREATED, NOBODY, '[5]'],
  ['a contact of an import', ADDED, NOBODY, '[[5,6]]'],
  ['one that gave its person another name', RENAMED, NOBODY, '[["contact.added",null,null,7,7,5]]'],
  ['what is no contact more', DELETED, NOBODY, '[["contact.deleted",null,null,5,6]]'],
  ['a person of a request', CREATED, A_REQUEST, '[["person.created",null,"r-1",5,5]]'],
  ['a contact of a request', ADDED, A_REQUEST, '[["contact.added",null,"r-1",5,6,null]]'],
])('%s is stored in its form, and read as it was', (_, event, origin, stored) => {
  const packed = packEvents([{ event, origin }])
  expect(packed).toBe(stored)
  expect(unpackEvents(3, AT, JSON.parse(packed))).toEqual([
    { ...event, ...origin, id: expect.any(String), at: AT.toISOString() },
  ])
})

it('an import that was recorded in full, before there was a short form, is read as before', () => {
  const stored = [
    ['person.created', null, null, 5, 5],
    ['contact.added', null, null, 5, 6, null],
  ] as const
  expect(unpackEvents(3, AT, stored)).toMatchObject([CREATED, ADDED])
})
