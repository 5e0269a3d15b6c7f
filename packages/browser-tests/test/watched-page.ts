import type { Browser, Page } from 'playwright-core'

/** A page that reaches this machine alone. */
export interface WatchedPage {
  readonly page: Page
  /** What it asked of other hosts, in vain. */
  readonly blocked: string[]
  /** What it complained about: exceptions, errors on the console, answers that are failures. */
  readonly errors: string[]
}

/** Opens an address and waits until all of the page has loaded. */
export async function openPage(browser: Browser, url: string): Promise<WatchedPage> {
  const page = await browser.newPage()
  const blocked: string[] = []
  const errors: string[] = []
  await page.route(
    ({ hostname }) => hostname !== '127.0.0.1',
    (route) => {
      blocked.push(route.request().url())
      return route.abort()
    },
  )
  page.on('pageerror', (error) => errors.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  page.on('response', (response) => {
    if (!response.ok()) errors.push(`${response.status()} ${response.url()}`)
  })
  await page.goto(url)
  return { page, blocked, errors }
}
