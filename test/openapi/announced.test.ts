import { describe, expect, it } from 'vitest'
import { remedy, unannounced } from '../../scripts/openapi-changes/announced.ts'
import type { Change } from '../../scripts/openapi-changes/change.ts'
import { type Bump, parseChangeset } from '../../scripts/openapi-changes/changesets.ts'

const change: Change = { breaking: true, where: 'POST /identify › request › email', what: 'is required now' }
const announcement = '**Breaking:** `POST /identify` asks for an e-mail now.'

function changeset(bump: Bump, text: string, name = '@identity/api') {
  return parseChangeset(`---\n"${name}": ${bump}\n---\n\n${text}\n`, 'test.md')
}

describe('a breaking change', () => {
  it.each<[version: string, bump: Bump, isAnnounced: boolean]>([
    ['0.1.0', 'patch', false],
    ['0.1.0', 'minor', true],
    ['0.1.0', 'major', true],
    ['1.4.0', 'minor', false],
    ['1.4.0', 'major', true],
  ])('after %s is announced by a %s bump: %s', (version, bump, isAnnounced) => {
    expect(unannounced([change], [changeset(bump, announcement)], version)).toEqual(isAnnounced ? [] : [change])
  })

  it.each([
    ['no changeset', []],
    ['one of another package', [changeset('minor', announcement, '@identity/client')]],
    ['one that tells something else', [changeset('minor', 'A new route.')]],
    ['one of another operation', [changeset('minor', '**Breaking:** `POST /identify/batch` asks for an e-mail.')]],
    ['words that only begin later', [changeset('minor', `Hello. ${announcement}`)]],
  ])('is not announced by %s', (_, changesets) => {
    expect(unannounced([change], changesets, '0.1.0')).toEqual([change])
  })

  it('is announced by one paragraph of several', () => {
    expect(unannounced([change], [changeset('minor', `A new route.\n\n${announcement}\n\nMore.`)], '0.1.0')).toEqual([])
  })
})

it('what breaks nobody needs no changeset', () => {
  expect(unannounced([{ ...change, breaking: false }], [], '0.1.0')).toEqual([])
})

it('the remedy names the bump', () => {
  expect(remedy('0.1.0')).toContain('minor for @identity/api')
  expect(remedy('2.0.0')).toContain('major for @identity/api')
})

it('a file that is no changeset is named', () => {
  expect(() => parseChangeset('# Hello', 'hello.md')).toThrow('hello.md is no changeset')
})

it('a changeset may name no package', () => {
  expect(parseChangeset('---\n---\n\nNothing for users.\n', 'x.md')).toEqual({ bumps: {}, text: 'Nothing for users.' })
})
