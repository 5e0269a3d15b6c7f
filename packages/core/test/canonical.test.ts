import { canonicalEmail, canonicalPhone, canonicalRequest, IdentityError } from '@identity/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const ABSENT = { value: null }

describe('e-mail (R1)', () => {
  it.each([
    ['ann@example.com', 'ann@example.com'],
    ['  Ann@Example.COM\t', 'ann@example.com'],
    ["o'brien+shop@mail.example.co.uk", "o'brien+shop@mail.example.co.uk"],
    ['a&b/c=d@example.com', 'a&b/c=d@example.com'],
    ['JÖRG@MÜLLER.example', 'jörg@müller.example'],
    ['jo\u0308rg@example.com', 'j\u00f6rg@example.com'],
    ['用户@例子.公司', '用户@例子.公司'],
    [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
  ])('%j becomes %j', (input, value) => {
    expect(canonicalEmail(input)).toEqual({ value })
  })

  it.each([undefined, null, '', ' ', '\n\t'])('%j is absent', (input) => {
    expect(canonicalEmail(input)).toEqual(ABSENT)
  })

  it.each([
    'ann',
    'ann@',
    '@example.com',
    'ann@localhost',
    'a b@example.com',
    'ann@@example.com',
    'ann@example..com',
    '.ann@example.com',
    'ann.@example.com',
    'ann@-example.com',
    'ann@127.0.0.1',
    'ann@exam_ple.com',
    'ann@example.com, bob@example.com',
    '"ann b"@example.com',
    'ann\u0000@example.com',
    'ann\ud800@example.com',
    `${'a'.repeat(65)}@example.com`,
    `${'ö'.repeat(33)}@example.com`,
    `a@${'b.'.repeat(130)}com`,
    7,
    true,
    {},
    ['ann@example.com'],
  ])('%j is refused, and the message names it', (input) => {
    const result = canonicalEmail(input)
    expect(result).toHaveProperty('problem', expect.stringContaining('email'))
  })

  it('never shows more than the beginning of a long value', () => {
    expect(JSON.stringify(canonicalEmail('x'.repeat(10_000))).length).toBeLessThan(200)
  })
})

describe('phone number (R1)', () => {
  it.each([
    ['123456', '123456'],
    [123456, '123456'],
    [0, '0'],
    [9_007_199_254_740_991, '9007199254740991'],
    [' +1 (415) 555-01.00 ', '+14155550100'],
    ['0/123\u2013456\u00a078', '012345678'],
    ['12345678901234567890', '12345678901234567890'],
  ])('%j becomes %j', (input, value) => {
    expect(canonicalPhone(input)).toEqual({ value })
  })

  it.each([undefined, null, '', '  '])('%j is absent', (input) => {
    expect(canonicalPhone(input)).toEqual(ABSENT)
  })

  it.each([
    '-',
    '+',
    '++1',
    '1+2',
    'call me',
    '12a',
    '123456789012345678901',
    '١٢٣',
    -1,
    1.5,
    2 ** 53,
    Number.NaN,
    true,
    {},
  ])('%j is refused, and the message names it', (input) => {
    expect(canonicalPhone(input)).toHaveProperty('problem', expect.stringContaining('phoneNumber'))
  })

  it.each([
    ['09876543210', '+919876543210'],
    ['98765 43210', '+919876543210'],
    ['+91 98765-43210', '+919876543210'],
    ['00919876543210', '+919876543210'],
    ['+1 415 555 2671', '+14155552671'],
    ['123456', '123456'],
    ['919191', '919191'],
  ])('with default region IN, %j becomes %j', (input, value) => {
    expect(canonicalPhone(input, 'IN')).toEqual({ value })
  })
})

describe('request (R1)', () => {
  it('ignores unknown keys', () => {
    const request = { email: 'A@b.example', phoneNumber: '', extra: 1 }
    expect(canonicalRequest(request)).toEqual({ email: 'a@b.example', phoneNumber: null })
  })

  it('names every field that is wrong', () => {
    const error = thrownBy(() => canonicalRequest({ email: 'ann', phoneNumber: 'none' }))
    expect(error).toMatchObject({ code: 'invalid_request', problems: [{ field: 'email' }, { field: 'phoneNumber' }] })
  })

  it('refuses a request with neither', () => {
    const error = thrownBy(() => canonicalRequest({ email: ' ', phoneNumber: null }))
    expect(error).toMatchObject({ code: 'invalid_request', problems: [{ field: 'email' }, { field: 'phoneNumber' }] })
  })
})

it('canonical values stay as they are', () => {
  fc.assert(
    fc.property(fc.oneof(fc.emailAddress(), fc.string({ unit: 'grapheme' })), (input) => {
      const first = canonicalEmail(input)
      if ('value' in first) expect(canonicalEmail(first.value)).toEqual(first)
    }),
  )
  fc.assert(
    fc.property(
      fc.stringMatching(/^[+0-9 ()./-]{1,24}$/),
      fc.constantFrom(undefined, 'IN' as const),
      (input, region) => {
        const first = canonicalPhone(input, region)
        if ('value' in first) expect(canonicalPhone(first.value, region)).toEqual(first)
      },
    ),
  )
})

function thrownBy(work: () => unknown): IdentityError {
  try {
    work()
  } catch (error) {
    if (error instanceof IdentityError) return error
  }
  throw new Error('expected an IdentityError')
}
