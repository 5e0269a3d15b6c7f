import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { type Order, orders, ordersExpected } from '@identity/testkit'
import type { Browser, Download, Page } from 'playwright-core'
import { build } from 'tsdown'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasBrowser, launchBrowser } from './browser.ts'

const PACKAGE = fileURLToPath(new URL('.', import.meta.resolve('@identity/example-csv-page/package.json')))
const FILES = ['index.html', 'page.css', 'page.js']

/** The documented examples, as the orders that lead to them. */
const DOCUMENTED = `email;phone
lorraine@hillvalley.edu;123456
mcfly@hillvalley.edu;123456
mcfly@hillvalley.edu;123456
newunkonown@hillvalley.edu;789012
george@hillvalley.edu;919191
biffsucks@hillvalley.edu;717171
george@hillvalley.edu;717171
`

describe.skipIf(!hasBrowser)('the CSV page, opened from a file', () => {
  const cleanup = new AsyncDisposableStack()
  let browser: Browser
  let site: URL

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'identity-csv-page-'))
    cleanup.defer(() => rmSync(folder, { recursive: true }))
    await build({ cwd: PACKAGE, outDir: folder, logLevel: 'error' })
    site = pathToFileURL(`${folder}/`)
    browser = cleanup.use(await launchBrowser())
  })
  afterAll(() => cleanup.disposeAsync())

  /** Opens the page. `requests` and `errors` go on to grow with what it asks for and complains about. */
  async function open(options: Parameters<Browser['newPage']>[0] = {}) {
    const page = await browser.newPage(options)
    const requests: string[] = []
    const errors: string[] = []
    page.on('request', (request) => requests.push(request.url()))
    page.on('pageerror', (error) => errors.push(String(error)))
    page.on('console', (message) => errors.push(message.text()))
    await page.goto(new URL('index.html', site).href)
    return { page, requests, errors }
  }

  function ownFiles(): string[] {
    return FILES.map((name) => new URL(name, site).href)
  }

  it('shows the documented persons, and asks for nothing but its own files', async () => {
    const { page, requests, errors } = await open()
    await page.getByLabel('Orders as CSV').fill(DOCUMENTED)
    await page.getByRole('button', { name: 'Find persons' }).click()
    await finished(page)
    expect(await cellsOf(page, 'Table of persons')).toEqual([
      ['1', 'lorraine@hillvalley.edu\nmcfly@hillvalley.edu', '123456', '2', '2'],
      ['3', 'newunkonown@hillvalley.edu', '789012', '', '5'],
      ['4', 'george@hillvalley.edu\nbiffsucks@hillvalley.edu', '919191\n717171', '5', '6'],
    ])
    expect(await totalsOf(page)).toEqual(['7', '3', '1', '0'])
    expect(await page.getByRole('region', { name: 'Refused lines' }).count()).toBe(0)
    expect({ requests, errors }).toEqual({ requests: ownFiles(), errors: [] })
  })

  it('takes 20,000 orders from a file, draws some of the persons, and gives all to download', async () => {
    const { page, requests, errors } = await open()
    const expected = ordersExpected()
    await page.getByLabel('Phone numbers without').selectOption(expected.defaultRegion)
    const buffer = Buffer.from(csvOf(orders()))
    await page.getByLabel('Or a file').setInputFiles({ name: 'orders.csv', mimeType: 'text/csv', buffer })
    await finished(page)
    const persons = expected.persons.toLocaleString('en')
    expect(await totalsOf(page)).toMatchObject({ 0: '20,000', 1: persons, 3: String(expected.rejected.length) })
    expect(await cellsOf(page, 'Table of persons')).toHaveLength(500)
    expect(await page.getByText(`The first 500 of ${persons}.`).isVisible()).toBe(true)

    const downloading = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download' }).click()
    const [header, ...lines] = await textOf(await downloading)
    expect(header).toBe('\ufeffprimaryContactId,firstLine,emails,phoneNumbers,secondaryContactIds')
    expect(lines).toHaveLength(expected.persons)
    expect({ requests, errors }).toEqual({ requests: ownFiles(), errors: [] })
  })

  it('could send nothing if it tried', async () => {
    const { page, errors } = await open()
    const failure = await page.evaluate(() => fetch('http://127.0.0.1:9/').catch((error: Error) => error.message))
    expect(failure).toBe('Failed to fetch')
    expect(errors.join()).toContain(`Content Security Policy directive: "connect-src 'none'"`)
  })

  it('shows what was pasted as text, whatever it is', async () => {
    const { page, requests, errors } = await open()
    const markup = '<img src=x onerror=document.title=1>'
    await page.getByLabel('Orders as CSV').fill(`"${markup} email",phone\n${markup},\n,<b>1</b>\nann@example.com,`)
    await page.getByRole('button', { name: 'Find persons' }).click()
    await finished(page)
    expect(await page.getByText(`column “${markup} email”`).isVisible()).toBe(true)
    expect(await cellsOf(page, 'Refused lines')).toEqual([
      ['2', `email must be an address such as "ann@example.com"; found "${markup}".`],
      ['3', expect.stringContaining('found "<b>1</b>"')],
    ])
    await page.getByLabel('Orders as CSV').fill(`${markup}\n1`)
    await page.getByRole('button', { name: 'Find persons' }).click()
    await page
      .getByRole('status')
      .filter({ hasText: `found "${markup}"` })
      .waitFor()
    expect(await page.locator('img, b').count()).toBe(0)
    expect(await page.title()).toBe('Persons in a CSV')
    expect({ requests, errors }).toEqual({ requests: ownFiles(), errors: [] })
  })

  it('works with the keyboard alone, on a narrow screen that stays as wide as it is', async () => {
    const { page } = await open({ viewport: { width: 390, height: 844 } })
    for (const name of ['csv', 'file', 'region', 'submit', 'sample']) {
      await page.keyboard.press('Tab')
      expect(await page.evaluate('document.activeElement.id || document.activeElement.type')).toBe(name)
    }
    await page.keyboard.press('Enter')
    await finished(page)
    expect(await cellsOf(page, 'Refused lines')).toHaveLength(1)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390)
  })
})

async function finished(page: Page): Promise<void> {
  await page.getByRole('status').filter({ hasText: 'Done:' }).waitFor()
}

/** The texts of a table, row by row without its head. */
async function cellsOf(page: Page, region: string): Promise<string[][]> {
  const rows = page.getByRole('region', { name: region, exact: true }).locator('tbody tr')
  return (await rows.allInnerTexts()).map((row) => row.split('\t'))
}

/** Orders, persons, merges, refused lines. */
function totalsOf(page: Page): Promise<string[]> {
  return page.getByRole('definition').allTextContents()
}

function csvOf(list: readonly Order[]): string {
  const lines = list.map(({ orderId, email, phoneNumber }) => [orderId, email ?? '', phoneNumber ?? ''].join('\t'))
  return ['Order\tE-mail\tPhone number', ...lines].join('\r\n')
}

async function textOf(download: Download): Promise<string[]> {
  const chunks: Buffer[] = []
  for await (const chunk of await download.createReadStream()) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8').split('\r\n')
}
