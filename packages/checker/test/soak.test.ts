import { execFile } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { createTestDatabase, serve, startLocalServer, type TestDatabase } from '@identity/testkit'
import { describe, expect, it } from 'vitest'
import { readOptions } from '../src/soak/options.ts'
import { soak } from '../src/soak/soak.ts'

const MAIN = fileURLToPath(new URL('../src/soak/main.ts', import.meta.url))

/** Runs the command as `npm run soak` does. */
function runSoak(...args: string[]): Promise<{ exitCode: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['--conditions=@identity/source', MAIN, '--minutes', '0.01', '--at-once', '8', ...args],
      (_error, stdout, stderr) => resolve({ exitCode: child.exitCode, output: stdout + stderr }),
    )
  })
}

/** One in which to keep contacts apart waits for nothing. */
async function databaseWithSeparations(): Promise<TestDatabase> {
  const database = await createTestDatabase()
  await database.db`insert into policy (workspace_id, has_separations, updated_at) values (1, true, 'epoch')`
  return database
}

describe('soak', () => {
  it('passes a service that keeps its promises, and says how much it checked', async () => {
    await using database = await databaseWithSeparations()
    await using server = await startLocalServer({ DATABASE_URL: database.url })
    const { exitCode, output } = await runSoak('--url', server.url, '--url', `${server.url}/`)
    expect(output).toMatch(
      /\d+ histories of \d+ calls, \d+ of them with corrections: each has an order that explains every answer/,
    )
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
    const { exitCode, output } = await runSoak('--url', server.url, '--seed', '7')
    expect(output).toMatch(/seed 7, history \d+: no order of these calls explains their answers/)
    expect(output).toContain('├')
    expect(exitCode).toBe(1)
  })

  it('fails a service that says it deletes and does not', async () => {
    await using database = await databaseWithSeparations()
    await using server = await startLocalServer({ DATABASE_URL: database.url })
    await using faithless = await serve(async (request, response) => {
      let body: string | null = request.method === 'POST' ? await text(request) : null
      if (request.url === '/trpc/contact.delete') body = body!.replace('"contactId"', '"dryRun":true,"contactId"')
      const headers = { 'content-type': 'application/json', 'x-request-id': String(request.headers['x-request-id']) }
      const answer = await fetch(`${server.url}${request.url}`, { method: request.method!, headers, body })
      response.statusCode = answer.status
      response.end(await answer.text())
    })
    const options = { atOnce: 8, minutes: 0.01, seed: Date.now() % 2 ** 31 }
    await expect(soak([faithless.url], options)).rejects.toThrow(/no order of these calls/)
  })

  it.each([
    [['--minutes', 'x'], '--minutes must be a positive number; found "x".'],
    [['--url', 'localhost'], '--url must look like http://localhost:8000; found "localhost".'],
  ])('refuses %j', (args, message) => {
    expect(() => readOptions(args)).toThrow(message)
  })
})
