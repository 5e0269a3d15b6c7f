import { createContext, runInContext } from 'node:vm'
import { createTestDatabase, serve, startLocalServer } from '@identity/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasBrowser, launchBrowser } from './browser.ts'
import { clientScript } from './client-script.ts'
import { openPage } from './watched-page.ts'

type Global = { identityClient: typeof import('@identity/client') }

const EXPECTED = {
  contact: { primaryContactId: 1, emails: ['ann@example.com'], phoneNumbers: [], secondaryContactIds: [] },
  // Whichever test comes first makes the person.
  outcome: expect.stringMatching(/^(created|existing)$/),
}

const cleanup = new AsyncDisposableStack()
let script: string
/** A shop's page, of another origin than the service's. */
let page: string
let url: string

beforeAll(async () => {
  script = await clientScript()
  const shop = await serve((_request, response) => {
    response.setHeader('content-type', 'text/html').end('<!doctype html><link rel="icon" href="data:,">')
  })
  page = cleanup.use(shop).url
  const database = cleanup.use(await createTestDatabase())
  url = cleanup.use(await startLocalServer({ DATABASE_URL: database.url, CORS_ORIGINS: page, RATE_LIMIT: '5' })).url
})
afterAll(() => cleanup.disposeAsync())

it('runs where there is nothing but what all runtimes for the edge have', async () => {
  // Of the Minimum Common Web API (ECMA-429); what the language itself has comes with the context.
  const globals = { AbortController, clearTimeout, fetch, Headers, performance, setTimeout, URL }
  const context = createContext({ ...globals, serviceUrl: url })
  runInContext(script, context)
  const answer = runInContext(
    `identityClient.createIdentityClient({ url: serviceUrl, apiKey: 'k' }).identify.mutate({ email: 'ann@example.com' })`,
    context,
  )
  expect(JSON.parse(JSON.stringify(await answer))).toEqual(EXPECTED)
})

describe.skipIf(!hasBrowser)('in a browser, on a page of another origin', () => {
  it('calls the service, and learns when to try again', async () => {
    await using browser = await launchBrowser()
    const opened = await openPage(browser, page)
    await opened.page.addScriptTag({ content: script })
    const seen = await opened.page.evaluate(async (serviceUrl) => {
      const { createIdentityClient, IdentityClientError } = (globalThis as unknown as Global).identityClient
      const client = createIdentityClient({ url: serviceUrl, apiKey: 'k' })
      const answer = await client.identify.mutate({ email: 'ann@example.com' })
      const refused = await client.identify.mutate({ email: 'ann' }).catch((error: unknown) => error)
      for (;;) {
        const failure = await client.identify.mutate({ email: 'ann@example.com' }).catch((error: unknown) => error)
        if (!(failure instanceof IdentityClientError)) continue
        const { code, retryAfterS } = failure
        return { answer, refused: refused instanceof IdentityClientError && refused.code, code, retryAfterS }
      }
    }, url)
    expect(seen).toEqual({
      answer: EXPECTED,
      refused: 'invalid_request',
      code: 'rate_limited',
      retryAfterS: expect.any(Number),
    })
  })
})
