import { TRPCClientError } from '@trpc/client'
import { createParser } from 'eventsource-parser'
import superjson from 'superjson'
import { asClientError } from './as-client-error.ts'
import { pauseMs } from './backoff.ts'
import type { FetchLike, RequestHeaders } from './create-client.ts'
import { IdentityClientError } from './error.ts'
import type { CallOptions } from './options.ts'
import { failureOf, globalFetch, isEnvelope, parsed, unreachable } from './transport.ts'

export interface EventStreamOptions extends CallOptions {
  readonly url: string
  readonly headers: () => Promise<RequestHeaders>
  readonly fetch?: FetchLike | undefined
}

type Listener = (event: never) => void

/**
 * What tRPC needs of an EventSource, which Node 20 does not have, and which in browsers sends no API key. It connects
 * again with the client's own pauses, and fails with an IdentityClientError: that is the `error` event.
 */
export class EventStream {
  readonly CONNECTING = 0
  readonly OPEN = 1
  readonly CLOSED = 2
  readyState: number = this.CONNECTING
  readonly #address: string
  readonly #options: EventStreamOptions
  readonly #listeners = new Map<string, Set<Listener>>()
  #isClosed = false
  /** Ends what is under way: a connection or a pause. */
  #end = () => {}
  #lastEventId = ''
  /** Connections in a row that brought nothing. */
  #failures = 0

  constructor(address: string, options: EventStreamOptions) {
    this.#address = address
    this.#options = options
    void this.#run()
  }

  addEventListener(type: string, listener: Listener): void {
    const listeners = this.#listeners.get(type) ?? new Set()
    this.#listeners.set(type, listeners.add(listener))
  }

  removeEventListener(type: string, listener: Listener): void {
    this.#listeners.get(type)?.delete(listener)
  }

  close(): void {
    this.#isClosed = true
    this.readyState = this.CLOSED
    this.#end()
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      const error = await this.#connect()
      if (this.#isClosed) return
      this.#failures += 1
      const maxAttempts = this.#options.maxAttempts === 1 ? 1 : Number.POSITIVE_INFINITY
      const waitMs = pauseMs(error, this.#failures, Math.random(), { ...this.#options, maxAttempts })
      this.#isClosed = waitMs === undefined
      this.readyState = this.#isClosed ? this.CLOSED : this.CONNECTING
      this.#dispatch('error', error)
      if (!this.#isClosed) await this.#pause(waitMs!)
    }
  }

  /** Reads one connection to its end. @returns why it ended */
  async #connect(): Promise<IdentityClientError> {
    const { url } = this.#options
    try {
      const reader = await this.#open()
      if (!this.#isClosed) this.readyState = this.OPEN
      const parser = createParser({
        onEvent: ({ event = 'message', data, id }) => {
          if (id !== undefined) this.#lastEventId = id
          if (event === 'message' || event === 'ping') this.#failures = 0
          this.#dispatch(event, { data, lastEventId: this.#lastEventId })
        },
      })
      const decoder = new TextDecoder()
      for (;;) {
        const { done, value } = await reader.read()
        if (done) return unreachable(url, new Error('it ended the connection'))
        parser.feed(decoder.decode(value, { stream: true }))
      }
    } catch (cause) {
      return cause instanceof IdentityClientError ? cause : unreachable(url, cause)
    }
  }

  /** @throws IdentityClientError, or what `fetch` throws */
  async #open(): Promise<ReadableStreamDefaultReader<Uint8Array>> {
    const { url, headers, fetch = globalFetch, timeoutMs } = this.#options
    const connection = new AbortController()
    const tooLate = new Error(`no answer within ${timeoutMs} ms (timeoutMs)`)
    const timer = setTimeout(() => connection.abort(tooLate), timeoutMs)
    this.#end = () => connection.abort()
    try {
      const response = await fetch(this.#address, {
        method: 'GET',
        headers: {
          accept: 'text/event-stream',
          ...(this.#lastEventId && { 'last-event-id': this.#lastEventId }),
          ...(await headers()),
        },
        signal: connection.signal,
      })
      const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true
      if (response.status === 200 && isStream) return readerOf(response.body)
      const body = parsed(await response.text())
      if (!isEnvelope(body)) throw failureOf(url, response, body)
      const { error } = body as { error: Parameters<typeof superjson.deserialize>[0] }
      throw asClientError(TRPCClientError.from({ error: superjson.deserialize(error) }), 1)
    } finally {
      clearTimeout(timer)
    }
  }

  #dispatch(type: string, event: object): void {
    for (const listener of this.#listeners.get(type) ?? []) listener(event as never)
  }

  #pause(waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, waitMs)
      this.#end = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

/** @throws IdentityClientError where a `fetch` that was given has none */
function readerOf(body: unknown): ReadableStreamDefaultReader<Uint8Array> {
  const stream = body as ReadableStream<Uint8Array> | null | undefined
  if (typeof stream?.getReader === 'function') return stream.getReader()
  const message =
    'Subscriptions need a fetch whose responses have a body, as the standard says. Give one, or leave it out.'
  throw new IdentityClientError('invalid_call', message)
}
