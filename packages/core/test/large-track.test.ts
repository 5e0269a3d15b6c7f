import { describe, expect, it } from 'vitest'
import { FairShare } from '../src/postgres/fair-share.ts'
import { LARGE_CONTACT_COUNT, LargePersons } from '../src/postgres/large-persons.ts'

const email = { kind: 'email', value: 'doc@hillvalley.edu' } as const
const phone = { kind: 'phone', value: '919191' } as const

describe('the share of large persons', () => {
  it('is used up by what they read, until others were served in proportion', () => {
    const share = new FairShare()
    expect(share.isPaid).toBe(true)
    share.charge(1_000)
    share.pay(999)
    expect(share.isPaid).toBe(false)
    share.pay(1)
    expect(share.isPaid).toBe(true)
  })

  it('is not saved up, and owed to nobody where nobody else is there', () => {
    const share = new FairShare()
    share.pay(1_000)
    share.charge(1)
    expect(share.isPaid).toBe(false)
    share.forgive()
    expect(share.isPaid).toBe(true)
  })
})

describe('the memory of large persons', () => {
  it('knows whoever comes by one of the identifiers again, in the same workspace', () => {
    const persons = new LargePersons()
    persons.note(1, [email, phone], LARGE_CONTACT_COUNT + 1)
    expect(persons.has(1, [{ kind: 'email', value: 'new@hillvalley.edu' }, phone])).toBe(true)
    expect(persons.has(2, [email, phone])).toBe(false)
    expect(persons.has(1, [{ kind: 'email', value: phone.value }])).toBe(false)
  })

  it('forgets who is not large any more, and the oldest where it is full', () => {
    const persons = new LargePersons()
    persons.note(1, [phone], LARGE_CONTACT_COUNT + 1)
    persons.note(1, [phone], LARGE_CONTACT_COUNT)
    expect(persons.has(1, [phone])).toBe(false)
    persons.note(1, [email], LARGE_CONTACT_COUNT + 1)
    for (let n = 0; n < 10_000; n++) persons.note(1, [{ kind: 'phone', value: `${n}` }], LARGE_CONTACT_COUNT + 1)
    expect(persons.has(1, [email])).toBe(false)
    expect(persons.has(1, [{ kind: 'phone', value: '0' }])).toBe(true)
  })
})
