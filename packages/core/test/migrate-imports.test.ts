import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { createTestDatabase } from '@identity/testkit'
import { expect, it } from 'vitest'

const PROGRAM = `
import { registerHooks } from 'node:module'
let isLoaded = false
registerHooks({
  load(url, context, next) {
    isLoaded ||= url.includes('/node_modules/drizzle-orm/')
    return next(url, context)
  },
})
const { migrate } = await import('@identity/core/postgres')
await migrate(process.argv[1])
console.log(isLoaded)`

/** Whether a process that migrates a database loads Drizzle for it. */
async function loadsDrizzle(url: string): Promise<boolean> {
  const args = ['--conditions=@identity/source', '--input-type=module', '--eval', PROGRAM, url]
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: import.meta.dirname })
  return JSON.parse(stdout)
}

it('loads Drizzle, which half of a start was spent on, only where there is something to migrate', async () => {
  await using empty = await createTestDatabase({ empty: true })
  expect(await loadsDrizzle(empty.url)).toBe(true)
  expect(await loadsDrizzle(empty.url)).toBe(false)
})
