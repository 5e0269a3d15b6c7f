import { components } from '@identity/checker'
import {
  BlockList,
  type BlockRule,
  canonicalPattern,
  type Identifier,
  type IdentifierKind,
  JUNK,
  NO_POLICY,
  policyOf,
  suspectsOf,
  withoutBlocked,
} from '@identity/core'
import { requestArbitrary } from '@identity/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { History } from './history.ts'

function listOf(...patterns: string[]): BlockList {
  return new BlockList(patterns.map((pattern, n) => rule(pattern.includes('@') ? 'email' : 'phone', pattern, n + 1)))
}

function rule(kind: IdentifierKind, pattern: string, id: number | null = 1): BlockRule {
  return { id, kind, pattern }
}

describe('block rules', () => {
  it('block exactly the values that they describe', () => {
    const part = fc.string({ unit: fc.constantFrom('1', '2'), minLength: 1, maxLength: 4 })
    const pattern = fc
      .tuple(part, fc.constantFrom('', '<', '>'))
      .map(([text, at]) => `${at && at === '<' ? '*' : ''}${text}${at === '>' ? '*' : ''}`)
    fc.assert(
      fc.property(fc.array(pattern, { maxLength: 6 }), part, (patterns, value) => {
        const matches = patterns.some((text) => new RegExp(`^${text.replace('*', '.*')}$`).test(value))
        expect(listOf(...patterns).isBlocked({ kind: 'phone', value })).toBe(matches)
        expect(listOf(...patterns).isBlocked({ kind: 'email', value })).toBe(false)
      }),
    )
  })

  it('are made canonical, as values are', () => {
    const list = listOf(' *@Example.COM', 'Test@Test.com', '(000) 0*')
    const blocked: Identifier[] = [
      { kind: 'email', value: 'ann@example.com' },
      { kind: 'email', value: 'test@test.com' },
      { kind: 'phone', value: '00007' },
    ]
    expect(blocked.filter(list.isBlocked)).toEqual(blocked)
    expect(
      new BlockList([rule('phone', '098765 43210')], { defaultRegion: 'IN' }).isBlocked({
        kind: 'phone',
        value: '+919876543210',
      }),
    ).toBe(true)
  })

  it.each([
    ['email', '*'],
    ['email', '*ann*'],
    ['email', 'a*@example.com'],
    ['email', 'ann'],
    ['phone', '**'],
    ['phone', '00x*'],
    ['phone', '*+1'],
  ] as const)('%s %s is no pattern', (kind, pattern) => {
    expect(() => new BlockList([rule(kind, pattern)])).toThrow(expect.objectContaining({ code: 'invalid_request' }))
  })

  it.each([
    ['email', 'a\0*', 'one * at either end'],
    ['email', '\ud800*', 'one * at either end'],
    ['email', ' ', 'found " "'],
    ['phone', '', 'found ""'],
  ] as const)('of %s, %j is told as a wrong pattern', (kind, pattern, detail) => {
    const problems = [{ field: 'pattern', detail: expect.stringContaining(detail) }]
    expect(() => new BlockList([rule(kind, pattern)])).toThrow(expect.objectContaining({ problems }))
  })

  it.each([
    ['a'.repeat(255), '*'],
    ['é'.repeat(128), '*'],
    ['*', 'a'.repeat(255)],
  ])('are not added where no e-mail is as long, and work where they are kept', (start, end) => {
    const pattern = start + end
    const detail = expect.stringMatching(/^pattern must have at most 254 bytes beside its \*; "\S+…" has 25[56]\.$/)
    expect(() => canonicalPattern('email', pattern)).toThrow(
      expect.objectContaining({ code: 'invalid_request', problems: [{ field: 'pattern', detail }] }),
    )
    expect(canonicalPattern('email', pattern.replace(/a|éé/u, ''))).toHaveLength(pattern.includes('a') ? 255 : 127)
    const list = new BlockList([rule('email', pattern), rule('email', '*@x.example')])
    expect(list.isBlocked({ kind: 'email', value: 'ann@x.example' })).toBe(true)
  })

  it('leave the request without the blocked values, the same object where none is', () => {
    const list = listOf('test@test.com', '0000*')
    const usual = { email: 'ann@shop.example', phoneNumber: '123456' }
    expect(withoutBlocked(usual, list)).toBe(usual)
    expect(withoutBlocked({ ...usual, phoneNumber: '00000000' }, list)).toEqual({ ...usual, phoneNumber: null })
    expect(() => withoutBlocked({ email: 'test@test.com', phoneNumber: '0000' }, list)).toThrow(
      expect.objectContaining({
        code: 'identifier_blocked',
        message:
          'email "test@test.com" is blocked by rule 1 ("test@test.com"). phoneNumber "0000" is blocked by rule 2 ("0000*"). ' +
          'Nothing usable remains; send a value that is not blocked, or unblock this one.',
        problems: [expect.objectContaining({ field: 'email' }), expect.objectContaining({ field: 'phoneNumber' })],
      }),
    )
  })

  it('the preset blocks junk and leaves customers alone', () => {
    const { blocked } = policyOf({ ...NO_POLICY, blockJunk: true }, { defaultRegion: 'IN' })
    const isJunk = (kind: IdentifierKind, value: string) => blocked!.isBlocked({ kind, value })
    expect(
      ['test@test.com', 'noreply@shop.se', 'x@example.com', 'a@b.test'].filter((value) => !isJunk('email', value)),
    ).toEqual([])
    expect(['0000000000', '+911111111111', '00001'].filter((value) => !isJunk('phone', value))).toEqual([])
    expect(
      ['mcfly@hillvalley.edu', 'contest@test.org', 'ann@myexample.com'].filter((value) => isJunk('email', value)),
    ).toEqual([])
    expect(['123456', '919191', '717171', '0046701234567'].filter((value) => isJunk('phone', value))).toEqual([])
    expect(JUNK.every(({ id }) => id === null)).toBe(true)
  })
})

it('persons are the components of the requests without their blocked values (G2 with blocked values)', () => {
  const list = new BlockList([rule('email', 'e1@*'), rule('phone', '2')])
  fc.assert(
    fc.property(fc.array(fc.tuple(requestArbitrary(), fc.nat()), { maxLength: 30 }), (keyed) => {
      const requests = keyed.map(([request]) => request)
      const shuffled = keyed
        .toSorted(([, a], [, b]) => a - b)
        .flatMap(([request]) => {
          try {
            return [withoutBlocked(request, list)]
          } catch {
            return []
          }
        })
      const values = new History(shuffled).all().map(({ contacts }) => components(contacts).flat().sort())
      const plain = requests
        .map(({ email, phoneNumber }) => ({
          email: email === 'e1@example.com' ? null : email,
          phoneNumber: phoneNumber === '2' ? null : phoneNumber,
        }))
        .filter(({ email, phoneNumber }) => email !== null || phoneNumber !== null)
      expect(values.sort((a, b) => (a[0]! < b[0]! ? -1 : 1))).toEqual(components(plain))
    }),
  )
})

it('refuses limits that are none', () => {
  expect(() => policyOf({ ...NO_POLICY, maxEmails: 0, suspectThreshold: 1.5 })).toThrow(
    'maxEmails must be a whole number from 1, or null for none; found 0. suspectThreshold must',
  )
  expect(policyOf(NO_POLICY).blocked).toBeNull()
})

it('tells a suspect once, when it has met one counterpart more than allowed', () => {
  const history = new History()
  const told = ['a', 'b', 'a', 'c', 'd'].map((name) => {
    const { person, added } = history.identify({ email: `${name}@shop.example`, phoneNumber: '5' })
    return added ? suspectsOf(person, added, 2) : []
  })
  expect(told).toEqual([[], [], [], [{ kind: 'phone', value: '5' }], []])
})
