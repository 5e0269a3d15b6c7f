import { fakeIdentityService } from '@identity/client/msw'
import { createTestDatabase, startLocalServer } from '@identity/testkit'
import { setupServer } from 'msw/node'
import { expect, it } from 'vitest'

const FAKE_URL = 'http://identity.test'

type Request = readonly [method: string, path: string, body?: object]

/** Requests of one step are sent at once, as none depends on another. */
const STEPS: readonly Request[][] = [
  [['POST', '/identify', { email: 'ann@x.example', phoneNumber: '1' }]],
  [['POST', '/identify', { email: 'bob@x.example', phoneNumber: '2' }]],
  [['POST', '/identify', { email: 'cat@x.example', phoneNumber: '3' }]],
  [
    ['POST', '/separations', { contactIds: [2, 1] }],
    ['PATCH', '/policy', { maxEmails: 1, maxPhoneNumbers: null }],
    ['POST', '/block-rules', { kind: 'email', pattern: ' *@Till.example ' }],
    ['POST', '/separations', { contactIds: [1, 1] }],
    ['POST', '/separations', { contactIds: [1, 99] }],
    ['POST', '/separations', { contactIds: [1] }],
    ['PATCH', '/policy', { maxEmails: 0 }],
    ['PATCH', '/policy', { maxMails: 3 }],
    ['POST', '/block-rules', { kind: 'email', pattern: '*' }],
    ['POST', '/block-rules', { kind: 'email', pattern: `${'a'.repeat(9_000)}*` }],
    ['POST', '/block-rules', { kind: 'name', pattern: 'x' }],
    ['POST', '/block-rules/preview', { kind: 'phone', pattern: '*' }],
    ['POST', '/block-rules/preview', { preset: 'spam' }],
  ],
  [
    ['POST', '/identify/preview', { email: 'ann@x.example', phoneNumber: '2' }],
    ['POST', '/identify/preview', { email: 'dan@x.example', phoneNumber: '4' }],
    ['POST', '/identify/preview', { email: 'dan@x.example', phoneNumber: '3' }],
    ['POST', '/identify/preview', { email: 'one@till.example' }],
    ['POST', '/identify/preview', { email: 'dan' }],
  ],
  [['POST', '/identify', { email: 'ann@x.example', phoneNumber: '2' }]],
  [['POST', '/identify', { email: 'dan@x.example', phoneNumber: '1' }]],
  [['POST', '/identify', { email: 'dan@x.example', phoneNumber: '3' }]],
  [
    ['GET', '/policy'],
    ['GET', '/block-rules'],
    ['GET', '/separations'],
    ['GET', '/separations/?contactId=3'],
    ['GET', '/separations?contactId=2&after=1'],
    ['GET', '/separations?limit=0'],
    ['GET', '/separations?contactId=x'],
    ['GET', '/refusals'],
    ['GET', '/refusals?limit=2'],
    ['GET', '/refusals?after=1,,email-limit&limit=1'],
    ['GET', '/refusals?after=1,2,separation'],
    ['GET', '/refusals?after=1%2C2%2Cseparation'],
    ['GET', '/refusals?after=1'],
    ['GET', '/refusals?after=1,2,whim'],
  ],
  [
    ['DELETE', '/separations/1'],
    ['DELETE', '/separations/9'],
    ['DELETE', '/separations/x'],
    ['DELETE', '/block-rules/1'],
    ['DELETE', '/block-rules/9'],
    ['DELETE', '/block-rules/x'],
  ],
]

/** What changes from run to run; and the fake applies a rule at once, where a server does so in the background. */
const ITS_OWN = /(?<="(created|first|last)At":)"[^"]+"|(?<="isApplied":)\w+/g

async function send(base: string, [method, path, body]: Request) {
  const response = await fetch(base + path, {
    method,
    ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })
  return { method, path, body, status: response.status, answer: (await response.text()).replaceAll(ITS_OWN, '"…"') }
}

async function answers(base: string) {
  const told: Array<Awaited<ReturnType<typeof send>>> = []
  for (const step of STEPS) told.push(...(await Promise.all(step.map((request) => send(base, request)))))
  return told
}

it('rules and previews over plain HTTP: the service and its fake answer alike', async () => {
  const msw = setupServer(...fakeIdentityService({ url: FAKE_URL }).handlers)
  msw.listen({ onUnhandledFrame: 'bypass' })
  await using cleanup = new AsyncDisposableStack()
  cleanup.defer(() => msw.close())
  await using database = await createTestDatabase()
  await using server = await startLocalServer({ DATABASE_URL: database.url })
  const served = await answers(server.url)
  expect(await answers(FAKE_URL)).toEqual(served)
  const misspelt = served.find(({ body }) => body && 'maxMails' in body)
  expect(misspelt).toMatchObject({ status: 400, answer: expect.stringContaining('does not know: \\"maxMails\\"') })
  expect(new Set(served.map(({ status }) => status))).toEqual(new Set([200, 400, 404, 409, 422]))
})
