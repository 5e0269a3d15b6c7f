import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { createTestDatabase, serve, startLocalServer } from '@identity/testkit'
import { describe, expect, it } from 'vitest'
import { readOptions } from '../src/soak/options.ts'

const MAIN = fileURLToPath(new URL('../src/soak/main.ts', import.meta.url))

/** Runs the command as `npm run soak` does. */
function soak(...args: string[]): Promise<{ exitCode: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['--conditions=@identity/source', MAIN, '--minutes', '0.02', ...args],
      (_error, stdout, stderr) => resolve({ exitCode: child.exitCode, output: stdout + stderr }),
    )
  })
}

describe('soak', () => {
  it('passes a service that keeps its promises, and says how much it checked', async () => {
    await using database = await createTestDatabase()
    await using server = await startLocalServer({ DATABASE_URL: database.url })
    const { exitCode, output } = await soak('--url', server.url, '--url', `${server.url}/`)
    expect(output).toMatch(/\d+ histories of \d+ calls: each has an order that explains every answer/)
    expect(exitCode).toBe(0)
  })

  it('fails a service that does not, and shows the history', async () => {
    let lastId = 0
    await using server = await serve((request, response) => {
      let body = ''
      request.on('data', (data) => {
        body += data
      })
      request.on('end', () => {
        const { email, phoneNumber } = JSON.parse(body)
        const contact = {
          primaryContactId: ++lastId,
          emails: email ? [email] : [],
          phoneNumbers: phoneNumber ? [phoneNumber] : [],
          secondaryContactIds: [],
        }
        response.end(JSON.stringify({ contact }))
      })
    })
    const { exitCode, output } = await soak('--url', server.url, '--seed', '7')
    expect(output).toMatch(/seed 7, history \d+: no order of these calls explains their answers/)
    expect(output).toContain('├')
    expect(exitCode).toBe(1)
  })

  it.each([
    [['--minutes', 'x'], '--minutes must be a positive number; found "x".'],
    [['--url', 'localhost'], '--url must look like http://localhost:8000; found "localhost".'],
  ])('refuses %j', (args, message) => {
    expect(() => readOptions(args)).toThrow(message)
  })
})
