import fc from 'fast-check'
import { Connection, sendBroken } from './connection.ts'
import { type Callers, requestArbitrary } from './grammar.ts'
import { mutated, mutatedWithin, randomOf } from './mutation.ts'
import { bytesOf } from './request.ts'

export interface FuzzOptions {
  readonly url: string
  readonly callers: Callers
  readonly requests: number
  readonly seed: number
  /** Called now and then with the number of requests that are through. */
  readonly onProgress?: (sent: number) => Promise<void>
}

export interface FuzzResult {
  /** Answers by status. */
  readonly statuses: Map<number, number>
  /** What must not be: the request, shortened, and what came. */
  readonly failures: string[]
}

const CONNECTIONS = 16
const CHUNK = 500
const MAX_FAILURES = 20
/** Of a hundred requests: as the grammar has them, with mutations inside, and the rest with mutations anywhere. */
const FROM_GRAMMAR = 48
const MUTATED_WITHIN = 48

/** Sends requests that nobody should send. The same seed makes the same requests, if not in the same order. */
export async function fuzz({ url, callers, requests, seed, onProgress }: FuzzOptions): Promise<FuzzResult> {
  const result: FuzzResult = { statuses: new Map(), failures: [] }
  const arbitrary = requestArbitrary(callers)
  const random = randomOf(seed)
  using cleanup = new DisposableStack()
  const connections = Array.from({ length: CONNECTIONS }, () => cleanup.use(new Connection(url)))
  for (let sent = 0; sent < requests && result.failures.length < MAX_FAILURES; sent += CHUNK) {
    const count = Math.min(CHUNK, requests - sent)
    const queue = fc.sample(arbitrary, { numRuns: count, seed: seed + sent }).values()
    await Promise.all(
      connections.map(async (connection) => {
        for (const request of queue) {
          const dice = random() * 100
          if (dice < FROM_GRAMMAR + MUTATED_WITHIN) {
            const made = dice < FROM_GRAMMAR ? request : mutatedWithin(request, random)
            await record(result, bytesOf(made), async (bytes) => check(await connection.send(bytes)))
          } else await record(result, mutated(bytesOf(request), random), (bytes) => sendBroken(url, bytes))
        }
      }),
    )
    await onProgress?.(sent + count)
  }
  return result
}

async function record({ statuses, failures }: FuzzResult, bytes: Buffer, send: (bytes: Buffer) => Promise<number[]>) {
  try {
    for (const status of await send(bytes)) {
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      if (status >= 500) throw new Error(`status ${status}`)
    }
  } catch (error) {
    failures.push(`${error}: ${JSON.stringify(bytes.toString('latin1').slice(0, 1_500))}`)
  }
}

/** @throws Error where a failure, or what says that it is JSON, is not: tRPC leaves the type of some failures out */
function check({ status, head, body }: Awaited<ReturnType<Connection['send']>>): number[] {
  if (status >= 400 || /^content-type: application\/json/im.test(head)) JSON.parse(body)
  return [status]
}
