import superjson from 'superjson'
import { type FetchLike, IdentityClientError } from '../src/index.ts'

const PERSON = { primaryContactId: 1, emails: ['ann@example.com'], phoneNumbers: [], secondaryContactIds: [] }

export type Answer = { status: number; body: string; headers: Record<string, string> } | Error

/** The person, for each call of the batch. */
export function persons(calls: number): Answer {
  const result = { result: { data: superjson.serialize({ contact: PERSON }) } }
  return {
    status: 200,
    body: JSON.stringify(Array(calls).fill(result)),
    headers: { 'content-type': 'application/json' },
  }
}

/** The server's own failure of each call of the batch, in tRPC's envelope. */
export function failures(calls: number, data: Record<string, unknown>, headers: Record<string, string> = {}): Answer {
  const json = { code: -32000, message: 'The database is away.', data: { problems: [], ...data } }
  const body = JSON.stringify(Array(calls).fill({ error: superjson.serialize(json) }))
  return { status: Number(data.httpStatus), body, headers: { 'content-type': 'application/json', ...headers } }
}

export function answer(status: number, body: string, headers: Record<string, string> = {}): Answer {
  return { status, body, headers }
}

export interface SentRequest {
  url: string
  method: string
  headers: Record<string, string>
  calls: number
}

/** A `fetch` that gives these answers in turn, the last one again and again. */
export function scriptedFetch(...answers: Answer[]): { fetch: FetchLike; sent: SentRequest[] } {
  const sent: SentRequest[] = []
  const fetch: FetchLike = async (url, { method, headers, body, signal }) => {
    signal?.throwIfAborted()
    sent.push({ url, method, headers, calls: Object.keys(JSON.parse(body!)).length })
    const next = answers.length > 1 ? answers.shift()! : answers[0]!
    if (next instanceof Error) throw next
    return { status: next.status, headers: new Headers(next.headers), text: async () => next.body }
  }
  return { fetch, sent }
}

/** @throws Error where the call does not fail with an IdentityClientError */
export async function failureOf(call: Promise<unknown>) {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof IdentityClientError)) throw new Error(`expected an IdentityClientError, found ${error}`)
  return error
}
