import type { ProblemDocument } from '@identity/api/portable'
import type { httpBatchLink } from '@trpc/client'
import type { FetchLike } from './create-client.ts'
import { IdentityClientError, type IdentityClientErrorCode } from './error.ts'

type TrpcFetch = NonNullable<Parameters<typeof httpBatchLink>[0]['fetch']>

/**
 * The `fetch` under tRPC: lets pass what the identity service answers in tRPC's envelope, and says in words what else
 * came or did not come. All calls that travelled together get the same error.
 */
export function checkedFetch(url: string, fetch: FetchLike = globalFetch): TrpcFetch {
  return async (input, init) => {
    let response: Awaited<ReturnType<FetchLike>>
    let text: string
    try {
      response = await fetch(String(input), init as Parameters<FetchLike>[1])
      text = await response.text()
    } catch (cause) {
      throw unreachable(url, cause)
    }
    const body = parsed(text)
    if (isEnvelope(body)) return { ok: response.status < 400, headers: response.headers, json: async () => body }
    throw failureOf(url, response, body)
  }
}

/** No answer: no connection, or one that broke. */
export function unreachable(url: string, cause: unknown): IdentityClientError {
  return new IdentityClientError(
    'unreachable',
    `The identity service at ${url} cannot be reached: ${reasonOf(cause)}. Check that it runs and that the url is right.`,
    { cause },
  )
}

/** Looked up at each call: msw and others replace it after the client was made. */
export const globalFetch: FetchLike = (url, init) => globalThis.fetch(url, init)

/** Node wraps what happened twice; browsers do not tell. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  if (!(cause instanceof Error)) return error.message
  return cause.message || (cause as Error & { code?: string }).code || error.message
}

export function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export function isEnvelope(body: unknown): boolean {
  const first: unknown = Array.isArray(body) ? body[0] : body
  return typeof first === 'object' && first !== null && ('result' in first || 'error' in first)
}

const CODES: Readonly<Record<number, IdentityClientErrorCode>> = {
  429: 'rate_limited',
  502: 'unavailable',
  503: 'unavailable',
  504: 'unavailable',
}

/** What is not in tRPC's envelope: a problem document of the service's, or the answer of something else. */
export function failureOf(url: string, { status, headers }: Awaited<ReturnType<FetchLike>>, body: unknown) {
  const retryAfterS = secondsOf(headers.get('retry-after'))
  if (isProblem(body)) {
    const code = body.code as IdentityClientErrorCode
    return new IdentityClientError(code, body.detail, { problems: body.errors, status, retryAfterS })
  }
  const code = CODES[status] ?? 'unexpected_response'
  const type = headers.get('content-type')?.split(';', 1)[0] ?? 'no content type'
  return new IdentityClientError(code, `${url} answered ${status} with ${type}. ${adviceOn(status)}`, {
    status,
    retryAfterS,
  })
}

function adviceOn(status: number): string {
  if (status in CODES) return 'Repeat the call later.'
  if (status === 401 || status === 403) return 'Check apiKey and headers.'
  return 'Check the url: it must be the address of the identity service.'
}

function isProblem(body: unknown): body is ProblemDocument {
  const { code, detail } = (typeof body === 'object' && body !== null ? body : {}) as Partial<ProblemDocument>
  return typeof code === 'string' && typeof detail === 'string'
}

/** RFC 9110 §10.2.3: a number of seconds, or a date. */
export function secondsOf(retryAfter: string | null, nowMs: number = Date.now()): number | undefined {
  if (retryAfter === null) return undefined
  if (/^\d{1,9}$/.test(retryAfter)) return Number(retryAfter)
  const atMs = Date.parse(retryAfter)
  return Number.isNaN(atMs) ? undefined : Math.max(0, Math.ceil((atMs - nowMs) / 1_000))
}
