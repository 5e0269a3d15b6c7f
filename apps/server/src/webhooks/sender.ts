import http from 'node:http'
import https from 'node:https'
import type { DeliveryError } from '@identity/core'
import { isAllowedUrl } from './allowed-url.ts'
import { PrivateAddress, publicLookup } from './public-address.ts'
import { retryAfterMs } from './retry-delay.ts'

/** How long one attempt may take, from the look-up of the name to the end of the answer. */
export const ATTEMPT_TIMEOUT_MS = 10_000
/** An answer is read so far, so that its connection can be used again; what is longer costs the connection. */
const MAX_ANSWER_BYTES = 16 * 1024
/** Connections to one endpoint. */
const MAX_SOCKETS = 8

/** What became of one attempt. */
export type Answer =
  | { readonly acknowledged: true }
  | {
      readonly acknowledged: false
      readonly error: DeliveryError
      readonly status: number | null
      /** What the endpoint asks for. */
      readonly retryAfterMs: number
    }

export type Send = (url: string, headers: Record<string, string>, body: string, signal: AbortSignal) => Promise<Answer>

/** Sends events over HTTP. */
export class Sender {
  readonly #allowPrivate: boolean
  readonly #agents: { readonly 'http:': http.Agent; readonly 'https:': https.Agent }

  /** @param allowPrivate also to addresses that are none of the open internet, and without TLS */
  constructor({ allowPrivate }: { allowPrivate: boolean }) {
    this.#allowPrivate = allowPrivate
    const options = { keepAlive: true, maxSockets: MAX_SOCKETS, ...(!allowPrivate && { lookup: publicLookup }) }
    this.#agents = { 'http:': new http.Agent(options), 'https:': new https.Agent(options) }
  }

  /** Posts a body, follows no redirect, and keeps nothing of the answer but its status. Never throws. */
  send: Send = (url, headers, body, signal) => {
    const to = new URL(url)
    if (!this.#allowPrivate && !isAllowedUrl(to)) return Promise.resolve(failed('address'))
    const { request } = to.protocol === 'https:' ? https : http
    const ending = AbortSignal.any([signal, AbortSignal.timeout(ATTEMPT_TIMEOUT_MS)])
    return new Promise((resolve) => {
      const sent = request(to, {
        method: 'POST',
        agent: this.#agents[to.protocol as 'http:' | 'https:'],
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
        signal: ending,
      })
      sent.once('error', (error) => resolve(failed(errorOf(error, ending))))
      sent.once('response', (response) => {
        let bytes = 0
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length
          if (bytes > MAX_ANSWER_BYTES) response.destroy()
        })
        response.on('error', () => {})
        response.once('close', () => resolve(answerOf(response)))
      })
      sent.end(body)
    })
  }

  close(): void {
    for (const agent of Object.values(this.#agents)) agent.destroy()
  }
}

function answerOf({ statusCode = 0, headers }: http.IncomingMessage): Answer {
  if (statusCode >= 200 && statusCode < 300) return { acknowledged: true }
  return {
    acknowledged: false,
    error: 'status',
    status: statusCode,
    retryAfterMs: retryAfterMs(headers['retry-after'], Date.now()),
  }
}

function failed(error: DeliveryError): Answer {
  return { acknowledged: false, error, status: null, retryAfterMs: 0 }
}

function errorOf(error: Error & { code?: string }, ending: AbortSignal): DeliveryError {
  if (error instanceof PrivateAddress) return 'address'
  if (ending.aborted) return 'timeout'
  const { code = '' } = error
  if (['ENOTFOUND', 'EAI_AGAIN', 'ENODATA'].includes(code)) return 'name'
  if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO|EPROTO/.test(code)) return 'tls'
  return 'connection'
}
