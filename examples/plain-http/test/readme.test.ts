import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type CodeBlock, codeBlocks, createTestDatabase, startLocalServer } from '@identity/testkit'
import { describe, expect, it } from 'vitest'
import { duringOutage } from './outage.ts'

const blocks = codeBlocks(readFileSync(new URL('../README.md', import.meta.url), 'utf8'))
const ADDRESS = 'http://localhost:8000'
const SHELL: Readonly<Record<string, readonly string[]>> = {
  bash: ['bash', '-euo', 'pipefail', '-c'],
  python: ['python3', '-c'],
}

const hasTools = [
  ['bash', '--version'],
  ['curl', '--fail-with-body', '--version'],
  ['python3', '--version'],
].every(([command, ...args]) => spawnSync(command!, args).status === 0)

/** Runs a block as it stands, but for the address. @returns what it prints */
async function run({ language, code }: CodeBlock, url: string, cwd: string): Promise<string> {
  const [command, ...args] = SHELL[language]!
  const env = { ...process.env, no_proxy: '127.0.0.1' }
  const { stdout } = await promisify(execFile)(command!, [...args, code.replaceAll(ADDRESS, url)], { cwd, env })
  return stdout
}

describe.skipIf(!hasTools)('the README', () => {
  it('prints what it says, from the first block to the last', async () => {
    await using cleanup = new AsyncDisposableStack()
    const folder = mkdtempSync(join(tmpdir(), 'identity-plain-http-'))
    cleanup.defer(() => rmSync(folder, { recursive: true }))
    const database = cleanup.use(await createTestDatabase())
    const server = cleanup.use(await startLocalServer({ DATABASE_URL: database.url }))
    const hasty = cleanup.use(await startLocalServer({ DATABASE_URL: database.url, REQUEST_TIMEOUT_MS: '300' }))
    for (const block of blocks) {
      const printed = /retry/i.test(block.code)
        ? await duringOutage(database, () => run(block, hasty.url, folder))
        : await run(block, server.url, folder)
      expect.soft(printed.trimEnd(), `README.md, line ${block.line}`).toBe((block.answer ?? '').trimEnd())
    }
  })

  it('sends to the address that npm start gives, and to no other', () => {
    const addresses = blocks.flatMap(({ code }) => code.match(/https?:[^\s"']+/g) ?? [])
    expect([...new Set(addresses)]).toEqual([`${ADDRESS}/identify`])
  })
})
