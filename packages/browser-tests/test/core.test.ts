import { TWO_PRIMARIES } from '@identity/testkit'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasBrowser, launchBrowser } from './browser.ts'
import { type CoreSite, serveCore } from './core-site.ts'
import { openPage } from './watched-page.ts'

type Global = { core: typeof import('@identity/core') }

describe.skipIf(!hasBrowser)('the published core in a browser', () => {
  const cleanup = new AsyncDisposableStack()
  let site: CoreSite
  let page: Page

  beforeAll(async () => {
    site = cleanup.use(await serveCore())
    const browser = cleanup.use(await launchBrowser())
    const opened = await openPage(browser, site.url)
    expect(opened).toMatchObject({ blocked: [], errors: [] })
    page = opened.page
  })
  afterAll(() => cleanup.disposeAsync())

  it('reconciles the third documented example in memory', async () => {
    const results = await page.evaluate((contacts) => {
      const { MemoryStore, canonicalRequest } = (globalThis as unknown as Global).core
      const store = new MemoryStore({ contacts: { 1: contacts } })
      return store.identify(1, [canonicalRequest({ email: ' George@HillValley.edu ', phoneNumber: 717171 })])
    }, TWO_PRIMARIES)
    expect(results).toEqual([
      {
        outcome: 'merged',
        person: {
          primaryContactId: 11,
          emails: ['george@hillvalley.edu', 'biffsucks@hillvalley.edu'],
          phoneNumbers: ['919191', '717171'],
          secondaryContactIds: [27],
        },
      },
    ])
  })

  it('makes phone numbers international', async () => {
    const canonical = await page.evaluate(() => {
      const { canonicalRequest } = (globalThis as unknown as Global).core
      return canonicalRequest({ phoneNumber: '098765 43210' }, { defaultRegion: 'IN' })
    })
    expect(canonical).toEqual({ email: null, phoneNumber: '+919876543210' })
  })

  it('imports nothing but libphonenumber-js: no database, nothing of Node', () => {
    const text = [...site.scripts.values()].join('\n')
    const imported = [...text.matchAll(/\b(?:from|import)\s*\(?\s*["']([^"']+)["']/g)].map((match) => match[1]!)
    expect(imported.filter((name) => !name.startsWith('./'))).toEqual(['libphonenumber-js'])
    expect(text).not.toMatch(/node:|drizzle|postgres/)
  })
})
