import superjson from 'superjson'
import { expect, it } from 'vitest'
import { createIdentityClient, type FetchLike, type IdentityClientError, type RetryOptions } from '../src/index.ts'

const SSE = { 'content-type': 'text/event-stream' }
const QUICK = { baseDelayMs: 0, maxDelayMs: 0 }

/** A part of a stream, as the service sends it. */
const told = (id: string) => `data: ${JSON.stringify(superjson.serialize({ id }))}\nid: ${id}\n\n`

/** Follows the events of these answers in turn, until one of them is an error that ends it. */
async function follow(answers: Array<Response | Error>, retry: RetryOptions | false = QUICK) {
  const lastSeen: Array<string | undefined> = []
  const fetch: FetchLike = async (_url, { headers }) => {
    lastSeen.push(headers['last-event-id'])
    const answer = answers.shift()!
    if (answer instanceof Error) throw answer
    return answer
  }
  const seen: string[] = []
  const client = createIdentityClient({ url: 'http://identity.test', fetch, retry })
  const error = await new Promise<IdentityClientError>((resolve) =>
    client.events.subscribe.subscribe(
      {},
      { onData: ({ id }) => seen.push(id), onError: (failure) => resolve(failure as IdentityClientError) },
    ),
  )
  return { lastSeen, seen, code: error.code, status: error.status }
}

it('connects again after whatever may pass, and says what it has seen last', async () => {
  const stream = (text: string) => new Response(`event: connected\ndata: {}\n\n${text}`, { headers: SSE })
  const answers = [
    new Error('refused'),
    stream(told('1-0')),
    new Response('<html>', { status: 502 }),
    stream(told('1-1') + told('2-0')),
    new Response('<html>', { status: 404 }),
  ]
  expect(await follow(answers)).toEqual({
    lastSeen: [undefined, undefined, '1-0', '1-0', '2-0'],
    seen: ['1-0', '1-1', '2-0'],
    code: 'unexpected_response',
    status: 404,
  })
})

it('ends at the first failure where calls are not to be repeated, and where fetch cannot stream', async () => {
  expect(await follow([new Error('refused')], false)).toMatchObject({ code: 'unreachable', lastSeen: [undefined] })
  const withoutBody = { status: 200, headers: new Headers(SSE), text: async () => '' } as unknown as Response
  expect(await follow([withoutBody])).toMatchObject({ code: 'invalid_call' })
})
