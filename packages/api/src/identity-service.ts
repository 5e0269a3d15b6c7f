import {
  type CanonicalRequest,
  canonicalRequest,
  DEFAULT_WORKSPACE_ID,
  IdentityError,
  type IdentityStore,
  isUnavailable,
  type Origin,
  type PhoneRegion,
  type PersonQuery as StoreQuery,
} from '@identity/core'
import { identifyRequest } from './contract.ts'
import { CorrectionService } from './correction-service.ts'
import type { CorrectionOperations } from './correction-types.ts'
import { internalError } from './errors.ts'
import { parse } from './parse.ts'
import { RuleService } from './rule-service.ts'
import type { RuleOperations } from './rule-types.ts'
import type {
  CallRecord,
  Event,
  EventList,
  EventsQuery,
  IdentifyAnswer,
  IdentifyManyResult,
  IdentifyRequest,
  IdentifyResponse,
  IdentityOperations,
  PersonQuery,
  PreviewResponse,
} from './types.ts'
import { WebhookService } from './webhook-service.ts'
import type { WebhookOperations } from './webhook-types.ts'

export interface IdentityServiceOptions {
  store: IdentityStore
  /** Where phone numbers without a country code are taken to be. @default none: they stay as they are */
  defaultRegion?: PhoneRegion | undefined
  /** Whose persons it is about. @default the workspace that every installation starts with */
  workspaceId?: number | undefined
  /** Whether events may be sent to an address of these. @default https alone */
  isAllowedWebhook?: (url: URL) => boolean
  /** Gets what is wrong with the service where the caller is told in its place among others; for the log. */
  onInternalError?: (error: IdentityError) => void
}

/** Requests that identifyMany sends to the store at once: few enough that other callers' transactions get a turn. */
const CHUNK = 100

/** What a list has where nothing is said. */
const DEFAULT_EVENTS = 100
/** What is in memory for each that follows: more is read when these are taken. */
const EVENTS_A_PAGE = 100

/**
 * What the service does, whatever the transport: requests become canonical, the store answers.
 */
export class IdentityService implements IdentityOperations {
  readonly webhooks: WebhookOperations
  readonly #store: IdentityStore
  readonly #defaultRegion: PhoneRegion | undefined
  readonly #onInternalError: (error: IdentityError) => void
  readonly #workspaceId: number
  readonly rules: RuleOperations
  readonly corrections: CorrectionOperations

  constructor({
    store,
    defaultRegion,
    workspaceId = DEFAULT_WORKSPACE_ID,
    isAllowedWebhook = ({ protocol }) => protocol === 'https:',
    onInternalError = () => {},
  }: IdentityServiceOptions) {
    this.#store = store
    this.#workspaceId = workspaceId
    this.#onInternalError = onInternalError
    this.#defaultRegion = defaultRegion
    this.corrections = new CorrectionService({ store, workspaceId, endOf: (query) => this.#storeQuery(query) })
    this.rules = new RuleService({ store: store.rules, workspaceId, defaultRegion })
    this.webhooks = new WebhookService({ store: store.webhooks, workspaceId, isAllowed: isAllowedWebhook })
  }

  identify(request: IdentifyRequest, origin?: Origin, call?: CallRecord): Promise<IdentifyAnswer> {
    // Not `async`, which would cost each call another promise; so what is not valid is made a rejection here.
    try {
      return this.#store.identify(this.#workspaceId, [this.#canonical(request)], origin).then(([result]) => {
        const { outcome, person } = result!
        if (call) call.outcome = outcome
        return { contact: person, outcome }
      })
    } catch (error) {
      return Promise.reject(error)
    }
  }

  async identifyMany(requests: readonly unknown[], origin?: Origin): Promise<IdentifyManyResult[]> {
    const results: IdentifyManyResult[] = []
    const valid: Array<{ index: number; request: CanonicalRequest }> = []
    for (const [index, input] of requests.entries()) {
      try {
        valid.push({ index, request: this.#canonical(parse(identifyRequest, input)) })
      } catch (error) {
        results[index] = this.#failure(error)
      }
    }
    const answers = await this.#identifyInChunks(
      valid.map(({ request }) => request),
      origin,
    )
    for (const [n, { index }] of valid.entries()) results[index] = answers[n]!
    return results
  }

  async getPerson(query: PersonQuery): Promise<IdentifyResponse | null> {
    const person = await this.#store.find(this.#workspaceId, this.#storeQuery(query))
    return person && { contact: person }
  }

  async preview(request: IdentifyRequest): Promise<PreviewResponse> {
    const { person, ...rest } = await this.#store.preview(this.#workspaceId, this.#canonical(request))
    return { contact: person, ...rest }
  }

  async listEvents({ after, limit = DEFAULT_EVENTS }: EventsQuery): Promise<EventList> {
    return { events: await this.#store.events(this.#workspaceId, { after, limit }) }
  }

  async *followEvents(after: string | undefined, signal: AbortSignal): AsyncGenerator<Event[]> {
    let seen = after
    while (!signal.aborted) {
      const events = await this.#store.events(this.#workspaceId, { after: seen, limit: EVENTS_A_PAGE })
      seen = events.at(-1)?.id ?? seen
      if (events.length > 0) yield events
      if (events.length < EVENTS_A_PAGE) await this.#store.untilEvents(this.#workspaceId, seen, signal)
    }
  }

  /** @throws IdentityError `unavailable` where not one request could be served */
  async #identifyInChunks(
    requests: readonly CanonicalRequest[],
    origin: Origin | undefined,
  ): Promise<IdentifyManyResult[]> {
    const results: IdentifyManyResult[] = []
    for (let start = 0; start < requests.length; start += CHUNK) {
      try {
        results.push(...(await this.#identifyChunk(requests.slice(start, start + CHUNK), origin)))
      } catch (error) {
        if (start === 0) throw error
        // The rest would only wait to fail alike.
        return [...results, ...requests.slice(start).map(() => this.#failure(error))]
      }
    }
    return results
  }

  /** @throws IdentityError `unavailable` */
  async #identifyChunk(
    requests: readonly CanonicalRequest[],
    origin: Origin | undefined,
  ): Promise<IdentifyManyResult[]> {
    try {
      const results = await this.#store.identify(this.#workspaceId, requests, origin)
      return results.map(({ person }) => ({ status: 'ok', contact: person }))
    } catch (error) {
      if (isUnavailable(error)) throw error
      if (requests.length === 1) return [this.#failure(error)]
      // One request that the store refuses must not harm the others.
      const results: IdentifyManyResult[] = []
      for (const request of requests) results.push(...(await this.#identifyChunk([request], origin)))
      return results
    }
  }

  #failure(error: unknown): IdentifyManyResult {
    const known = error instanceof IdentityError ? error : internalError(error)
    if (known !== error) this.#onInternalError(known)
    const { code, message, problems, retryAfterS } = known
    return { status: 'error', error: { code, message, problems: [...problems], ...(retryAfterS && { retryAfterS }) } }
  }

  #canonical(request: IdentifyRequest): CanonicalRequest {
    return canonicalRequest(request, { defaultRegion: this.#defaultRegion })
  }

  #storeQuery(query: PersonQuery): StoreQuery {
    if ('contactId' in query) return query
    const { email, phoneNumber } = this.#canonical(query)
    return email === null
      ? { identifier: { kind: 'phone', value: phoneNumber! } }
      : { identifier: { kind: 'email', value: email } }
  }
}
