import { readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hashOfKey, KeyRing } from '@identity/core/postgres'
import { createTestDatabase } from '@identity/testkit'
import { expect, it } from 'vitest'
import { timeToCome } from '../src/keys/options.ts'
import { identity } from './support/identity.ts'
import { temporaryFolder } from './support/orders-files.ts'
import { said } from './support/said.ts'

it('makes a key and its workspace, shows it once, lists it and revokes it', async () => {
  await using database = await createTestDatabase()
  const env = { DATABASE_URL: database.url }
  const run = (...args: string[]) => said(args, env)
  const create = ['keys', 'create', '--workspace', 'fluxkart', '--scope', 'identify']
  const options = { cwd: tmpdir(), env }
  const made = await identity([...create, '--name', 'the \u001bcheckout', '--expires', '90d'], options)
  expect(made).toMatchObject({ code: 0, stderr: expect.stringContaining('Made the workspace fluxkart') })
  const key = made.stdout.trim()
  const id = key.split('_')[1]!
  const ring = new KeyRing(database.pool, { refreshAfterMs: 0, maxAgeMs: 0 })
  expect(await ring.find(hashOfKey(key)!)).toMatchObject({ workspaceId: 2, scope: 'identify', state: 'usable' })

  const listed = (await run('keys', 'list')).stdout
  expect(listed).toMatch(new RegExp(`^${id}  fluxkart   identify  usable .* the  checkout$`, 'm'))
  expect(listed).not.toContain(key.slice(20))
  expect((await run('workspaces', 'list')).stdout).toBe('1\tdefault\t0 keys\n2\tfluxkart\t1 key')

  const revoked = await run('keys', 'revoke', key)
  expect(revoked).toMatchObject({ code: 0, stderr: expect.stringContaining(`Key ${id} is revoked`) })
  expect(revoked.stderr + revoked.stdout).not.toContain(key)
  expect(await ring.find(hashOfKey(key)!)).toMatchObject({ state: 'revoked' })
  expect((await run('keys', 'revoke', 'abcdefghijkl')).code).toBe(1)
})

it.each<[string[], RegExp]>([
  [['keys'], /create, list, revoke; found nothing/],
  [['keys', 'create', '--scope', 'read'], /--workspace NAME/],
  [['keys', 'create', '--workspace', 'a', '--scope', 'root'], /--scope must be .*; found "root"/],
  [['keys', 'revoke'], /Say which key/],
  [['workspaces', 'drop'], /takes list/],
])('refuses %j with advice, before it opens a database', async (args, advice) => {
  const { code, stderr } = await said(args, { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' })
  expect(code).toBe(2)
  expect(stderr).toMatch(advice)
})

it('takes times to come, in UTC unless they say otherwise', () => {
  const nowMs = Date.parse('2030-01-01T00:00:00Z')
  const times = ['90d', '12h', '2030-01-31', '2030-01-31T12:00', '2030-01-31T12:00:00+05:30']
  expect(times.map((text) => timeToCome(text, nowMs).toISOString())).toEqual([
    '2030-04-01T00:00:00.000Z',
    '2030-01-01T12:00:00.000Z',
    '2030-01-31T00:00:00.000Z',
    '2030-01-31T12:00:00.000Z',
    '2030-01-31T06:30:00.000Z',
  ])
  for (const text of ['2029-12-31', '0d', 'soon', '2030-13-01', '']) {
    expect(() => timeToCome(text, nowMs)).toThrow(/time to come/)
  }
})

it('import and export are of one workspace, which must be there', async () => {
  await using database = await createTestDatabase()
  using folder = temporaryFolder()
  const env = { DATABASE_URL: database.url }
  const file = join(folder.path, 'orders.ndjson')
  writeFileSync(file, '{"email":"ann@example.com"}\n')
  const imported = ['import', file, '--rejected', join(folder.path, 'rejected'), '--workspace', 'fluxkart']
  const refused = await said(imported, env)
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('There is no workspace "fluxkart"') })
  await said(['keys', 'create', '--workspace', 'fluxkart', '--scope', 'read'], env)
  expect((await said(imported, env)).code).toBe(0)
  const exported = (workspace: string) => {
    const output = join(folder.path, `${workspace}.ndjson`)
    return said(['export', '--output', output, '--workspace', workspace], env).then(() => readFileSync(output, 'utf8'))
  }
  expect(await exported('fluxkart')).toContain('ann@example.com')
  expect(await exported('default')).toBe('')
})
