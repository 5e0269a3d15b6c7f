import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { ServerResponse } from 'node:http'
import { type TestDatabase, takeAway } from '@identity/testkit'

const ANSWERED = 'http.server.response.finish'

/**
 * Does work while the database is away; it is back as soon as a server of this process has answered 503.
 * @throws Error when nothing was answered 503
 */
export async function duringOutage<T>(database: TestDatabase, work: () => Promise<T>): Promise<T> {
  const refusal = Promise.withResolvers<'refused'>()
  const listen = (message: unknown) => {
    if ((message as { response: ServerResponse }).response.statusCode === 503) refusal.resolve('refused')
  }
  const bringBack = await takeAway(database)
  subscribe(ANSWERED, listen)
  try {
    const done = work()
    const first = await Promise.race([refusal.promise, done])
    await bringBack()
    const result = await done
    if (first !== 'refused') throw new Error('nothing was answered 503 while the database was away')
    return result
  } finally {
    unsubscribe(ANSWERED, listen)
  }
}
