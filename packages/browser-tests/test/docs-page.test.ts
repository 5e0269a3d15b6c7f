import { EXAMPLES } from '@identity/api'
import { createTestDatabase, HILL_VALLEY, type ServerProcess, seed, startServer } from '@identity/testkit'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasBrowser, launchBrowser } from './browser.ts'
import { openPage } from './watched-page.ts'

describe.skipIf(!hasBrowser)('/docs in a browser that reaches no other host', () => {
  const cleanup = new AsyncDisposableStack()
  let server: ServerProcess
  let browser: Browser

  beforeAll(async () => {
    const database = cleanup.use(await createTestDatabase())
    await seed(database.db, HILL_VALLEY)
    server = cleanup.use(await startServer({ DATABASE_URL: database.url }))
    browser = cleanup.use(await launchBrowser())
  })
  afterAll(() => cleanup.disposeAsync())

  it('shows every operation, asks no other host for anything, and complains about nothing', async () => {
    const { page, blocked, errors } = await openPage(browser, `${server.url}/docs`)
    await page.locator('.opblock').first().waitFor()
    const methods = await page.locator('.opblock-summary-method').allTextContents()
    const paths = await page
      .locator('.opblock-summary-path')
      .evaluateAll((all) => all.map((path) => path.getAttribute('data-path')))
    const document = (await (await fetch(`${server.url}/openapi.json`)).json()) as {
      paths: Record<string, Record<string, unknown>>
    }
    const documented = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    )
    expect(documented).toContain('POST /identify')
    expect(methods.map((method, n) => `${method} ${paths[n]}`).sort()).toEqual(documented.sort())
    expect({ blocked, errors }).toEqual({ blocked: [], errors: [] })
  })

  it('tries the documented example out, and shows the documented answer', async () => {
    const { page, blocked, errors } = await openPage(browser, `${server.url}/docs`)
    const [example] = EXAMPLES
    const operation = page.locator('#operations-Identity-identify')
    await operation.locator('.opblock-summary-control').click()
    await operation.getByRole('button', { name: 'Try it out' }).click()
    expect(JSON.parse(await operation.locator('textarea').inputValue())).toEqual(example!.request)
    await operation.getByRole('button', { name: 'Execute' }).click()
    const answer = operation.locator('.live-responses-table .response')
    expect(await answer.locator('.response-col_status').textContent()).toContain('200')
    const body = await answer.locator('.response-col_description pre').first().textContent()
    expect(JSON.parse(body!)).toEqual(example!.response)
    expect({ blocked, errors }).toEqual({ blocked: [], errors: [] })
  })
})
