import { PostgresStore } from '@identity/core/postgres'
import { createTestDatabase, postIdentify, startLocalServer, type TestDatabase, takeAway } from '@identity/testkit'
import { describe, expect, it } from 'vitest'
import { start } from './support/identity.ts'
import { temporaryFolder } from './support/orders-files.ts'
import { said } from './support/said.ts'

const ANN = { email: 'ann@example.com', phoneNumber: '1' }

describe('identity events', () => {
  it('prints the log as GET /events gives it, from where it is told, as many as it is told', async () => {
    await using database = await createTestDatabase()
    await using server = await startLocalServer({ DATABASE_URL: database.url })
    await postIdentify(server.url, ANN)
    // More than one page, and several events in one change.
    await database.db`
      insert into change (workspace_id, at, size, events)
      select 1, now(), 2, '[["person.created", null, null, 7, 7], ["contact.added", null, "r", 7, 8, null]]'
      from generate_series(1, 700)`
    const run = (...args: string[]) => said(['events', ...args], { DATABASE_URL: database.url })
    const all = (await run()).stdout.split('\n').map((line) => JSON.parse(line))
    const { events } = (await (await fetch(`${server.url}/events?limit=1000`)).json()) as { events: unknown[] }
    expect(all).toHaveLength(1_401)
    expect(all.slice(0, 1_000)).toEqual(events)
    const { code, stdout } = await run('--after', '2-0', '--limit', '1100')
    expect(code).toBe(0)
    expect(stdout.split('\n').map((line) => JSON.parse(line))).toEqual(all.slice(2, 1_102))
    expect(await run('--after', '701-1')).toMatchObject({ code: 0, stdout: '' })
  })

  it('says what the API says of a place that was deleted, and of one that never was', async () => {
    await using database = await createTestDatabase()
    await database.db`insert into event_head (workspace_id, last_position, deleted_position) values (1, 9, 5)`
    const run = (...args: string[]) => said(['events', ...args], { DATABASE_URL: database.url })
    const gone = 'Events after 1-0 were deleted, as they are older than the service keeps them.'
    for (const how of [[], ['--follow']]) {
      expect(await run('--after', '1-0', ...how)).toMatchObject({ code: 1, stderr: expect.stringContaining(gone) })
    }
    expect(await run('--after', '12-0')).toMatchObject({ code: 1, stderr: expect.stringContaining('none has "12-0"') })
  })

  it.each<[string[], RegExp]>([
    [['--limit', '0'], /--limit must be a whole number from 1; found "0"/],
    [['--patience', 'x'], /--patience must be a number of seconds/],
    [['17-0'], /Unexpected argument|options only/],
  ])('refuses %j with advice, before it opens a database', async (args, advice) => {
    const { code, stderr } = await said(['events', ...args], { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' })
    expect(code).toBe(2)
    expect(stderr).toMatch(advice)
  })
})

/** A command that follows, and whose words can be waited for. */
function follow(database: TestDatabase, cwd: string, ...args: string[]) {
  const running = start(['events', '--follow', ...args], { cwd, env: { DATABASE_URL: database.url } })
  const { stdout, stderr } = running.child
  let seen = ''
  const waiting: Array<() => void> = []
  for (const stream of [stdout, stderr]) {
    stream.on('data', (chunk) => {
      seen += chunk
      for (const look of waiting) look()
    })
  }
  const until = (text: RegExp) =>
    new Promise<void>((resolve) => {
      const look = () => text.test(seen) && resolve()
      waiting.push(look)
      look()
    })
  return { ...running, until }
}

describe('identity events --follow', () => {
  it('prints what comes, each once, through an outage; ends with Ctrl-C, or when its patience does', async () => {
    await using database = await createTestDatabase()
    using folder = temporaryFolder()
    const store = new PostgresStore(database.pool)
    const identify = (n: number) => store.identify(1, [{ email: `e${n}@example.com`, phoneNumber: null }])
    await identify(1)
    const patient = follow(database, folder.path)
    const hasty = follow(database, folder.path, '--patience', '1')
    const leaving = follow(database, folder.path)
    const all = [patient, hasty, leaving]
    await Promise.all(all.map(({ until }) => until(/"id":"1-0"/)))
    await identify(2)
    await Promise.all(all.map(({ until }) => until(/"id":"2-0"/)))
    const bringBack = await takeAway(database)
    await leaving.until(/Trying on/)
    leaving.child.kill('SIGTERM')
    expect(await leaving.ended).toMatchObject({ code: 130 })
    await patient.until(/The database refuses \(.*Trying on for up to 60 s/)
    expect(await hasty.ended).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/has been away for 1 s\. --after 2-0 goes on after what was printed/),
    })
    await bringBack()
    await identify(3)
    await patient.until(/"id":"3-0"/)
    patient.child.kill('SIGINT')
    const { code, stdout, stderr } = await patient.ended
    expect({ code, last: stderr.trim().split('\n').at(-1) }).toEqual({
      code: 130,
      last: 'Interrupted. --after 3-0 goes on after what was printed.',
    })
    const ids = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).id)
    expect(ids).toEqual(['1-0', '2-0', '3-0'])
  })

  it('ends when nobody reads any more, and after as many as it is told', async () => {
    await using database = await createTestDatabase()
    using folder = temporaryFolder()
    const store = new PostgresStore(database.pool)
    const read = follow(database, folder.path)
    const limited = follow(database, folder.path, '--limit', '1')
    await store.identify(1, [{ email: 'ann@example.com', phoneNumber: null }])
    await read.until(/"id":"1-0"/)
    read.child.stdout.destroy()
    await store.identify(1, [{ email: 'bob@example.com', phoneNumber: null }])
    expect(await read.ended).toMatchObject({ code: 0, stderr: '' })
    expect(await limited.ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\{"id":"1-0".*\}\n$/) })
  })
})
