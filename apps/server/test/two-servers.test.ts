import type { Person } from '@identity/api'
import {
  allContacts,
  createTestDatabase,
  postIdentify,
  type ServerProcess,
  startServer,
  type TestDatabase,
} from '@identity/testkit'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

/** Two server processes on one database. Every call must be answered, and answered rightly. */
describe('two servers at once', () => {
  const cleanup = new AsyncDisposableStack()
  let database: TestDatabase
  let servers: ServerProcess[]

  beforeAll(async () => {
    database = cleanup.use(await createTestDatabase())
    const env = { DATABASE_URL: database.url }
    servers = (await Promise.all([startServer(env), startServer(env)])).map((server) => cleanup.use(server))
  })
  beforeEach(() => database.db`truncate contact restart identity cascade`)
  afterAll(() => cleanup.disposeAsync())

  /** Sends all requests at the same time, to the servers in turn. */
  const sendAtOnce = (requests: readonly object[]): Promise<Person[]> =>
    Promise.all(requests.map((request, n) => postIdentify(servers[n % servers.length]!.url, request)))

  async function persons(): Promise<number[][]> {
    const contacts = await allContacts(database.db)
    return [...Map.groupBy(contacts, ({ id, linkedId }) => linkedId ?? id).values()].map((group) =>
      group.map(({ id }) => id),
    )
  }

  it('sixteen identical first orders make one contact', async () => {
    for (let round = 0; round < 20; round++) {
      const request = { email: `first${round}@example.com`, phoneNumber: `${round}` }
      const answers = await sendAtOnce(Array.from({ length: 16 }, () => request))
      expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toHaveLength(1)
      expect(answers[0]).toMatchObject({
        emails: [request.email],
        phoneNumbers: [request.phoneNumber],
        secondaryContactIds: [],
      })
    }
    expect(await persons()).toHaveLength(20)
  })

  it('{e1, p2} beside {e2, p1}, over persons {e1, p1} and {e2, p2}: one person, whoever comes first', async () => {
    for (let round = 0; round < 20; round++) {
      const [e1, e2] = [`a${round}@example.com`, `b${round}@example.com`]
      const [p1, p2] = [`1${round}`, `2${round}`]
      await sendAtOnce([
        { email: e1, phoneNumber: p1 },
        { email: e2, phoneNumber: p2 },
      ])
      const answers = await sendAtOnce([
        { email: e1, phoneNumber: p2 },
        { email: e2, phoneNumber: p1 },
      ])
      expect(answers[0]).toEqual(answers[1])
      expect(answers[0]!.secondaryContactIds).toHaveLength(1)
      expect(new Set([...answers[0]!.emails, ...answers[0]!.phoneNumbers])).toEqual(new Set([e1, e2, p1, p2]))
    }
  })

  it('{e1, p2} beside {e2, p1} on an empty table: two persons', async () => {
    const answers = await sendAtOnce([
      { email: 'e1@example.com', phoneNumber: '2' },
      { email: 'e2@example.com', phoneNumber: '1' },
    ])
    expect(answers.map(({ secondaryContactIds }) => secondaryContactIds)).toEqual([[], []])
    expect(await persons()).toHaveLength(2)
  })

  it('eight first orders with one e-mail and eight phones make one person', async () => {
    for (let round = 0; round < 20; round++) {
      const email = `one${round}@example.com`
      const phones = Array.from({ length: 8 }, (_, n) => `${round}00${n}`)
      const answers = await sendAtOnce(phones.map((phoneNumber) => ({ email, phoneNumber })))
      expect(new Set(answers.map(({ primaryContactId }) => primaryContactId))).toHaveLength(1)
      // Each answer holds its own phone; the longest holds them all.
      expect(answers.map(({ phoneNumbers }) => phoneNumbers.length).toSorted((a, b) => a - b)).toEqual([
        1, 2, 3, 4, 5, 6, 7, 8,
      ])
      const whole = await postIdentify(servers[0]!.url, { phoneNumber: phones[0] })
      expect(whole.phoneNumbers.toSorted()).toEqual(phones)
    }
  })

  it('cross merges that are made to deadlock: nobody gets an error, and one person comes out', async () => {
    const size = 12
    const order = (email: number, phone: number) => ({ email: `cross${email}@example.com`, phoneNumber: `77${phone}` })
    for (let round = 0; round < 5; round++) {
      await database.db`truncate contact restart identity cascade`
      await sendAtOnce(Array.from({ length: size }, (_, n) => order(n, n)))
      // Forwards and backwards round the circle: each pair of neighbours is locked from both ends.
      const forwards = Array.from({ length: size }, (_, n) => order(n, (n + 1) % size))
      const backwards = Array.from({ length: size }, (_, n) => order((n + 1) % size, n)).toReversed()
      await sendAtOnce(forwards.flatMap((request, n) => [request, backwards[n]!]))
      const contacts = await allContacts(database.db)
      expect(contacts).toHaveLength(size)
      const [primary] = contacts.filter(({ linkPrecedence }) => linkPrecedence === 'primary')
      expect(contacts.filter(({ linkedId }) => linkedId === primary!.id)).toHaveLength(size - 1)
    }
  })
})
