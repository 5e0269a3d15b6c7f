import { execFile, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { codeBlocks, createTestDatabase, startLocalServer } from '@identity/testkit'
import { expect, it } from 'vitest'

const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')
const [first] = codeBlocks(readme)
const hasTools = ['bash', 'curl'].every((tool) => spawnSync(tool, ['--version']).status === 0)

it.skipIf(!hasTools)('the first call of the README is answered as it says', async () => {
  await using database = await createTestDatabase()
  await using server = await startLocalServer({ DATABASE_URL: database.url })
  const call = first!.code.replace('http://localhost:8000', server.url)
  const { stdout } = await promisify(execFile)('bash', ['-c', call], { env: { ...process.env, no_proxy: '127.0.0.1' } })
  expect(stdout).toBe(first!.answer!.trim())
})
