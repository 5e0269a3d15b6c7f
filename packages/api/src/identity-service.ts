import {
  type CanonicalRequest,
  canonicalRequest,
  DEFAULT_WORKSPACE_ID,
  IdentityError,
  type IdentityStore,
  type PhoneRegion,
  type PersonQuery as StoreQuery,
} from '@identity/core'
import {
  type IdentifyManyResult,
  type IdentifyRequest,
  type IdentifyResponse,
  identifyRequest,
  type PersonQuery,
  type PreviewResponse,
} from './contract.ts'
import { parse } from './parse.ts'

export interface IdentityServiceOptions {
  store: IdentityStore
  /** Where phone numbers without a country code are taken to be. @default none: they stay as they are */
  defaultRegion?: PhoneRegion | undefined
}

/** Requests that identifyMany sends to the store at once: few enough that other callers' transactions get a turn. */
const CHUNK = 100

/**
 * What the service does, whatever the transport: requests become canonical, the store answers. Every method throws
 * IdentityError only; `invalid_request` names each field that is wrong.
 */
export class IdentityService {
  readonly #store: IdentityStore
  readonly #defaultRegion: PhoneRegion | undefined
  readonly #workspaceId = DEFAULT_WORKSPACE_ID

  constructor({ store, defaultRegion }: IdentityServiceOptions) {
    this.#store = store
    this.#defaultRegion = defaultRegion
  }

  /** The one person behind a request; made, extended or merged as rules R2–R4 say. Safe to repeat. */
  async identify(request: IdentifyRequest): Promise<IdentifyResponse> {
    const [result] = await this.#store.identify(this.#workspaceId, [this.#canonical(request)])
    return { contact: result!.person }
  }

  /**
   * The same for many, as if called one after another. Each result stands where its request stood; a request that is
   * wrong, or that the store could not serve, is reported in its place and harms no other.
   */
  async identifyMany(requests: readonly unknown[]): Promise<IdentifyManyResult[]> {
    const results: IdentifyManyResult[] = []
    const valid: Array<{ index: number; request: CanonicalRequest }> = []
    for (const [index, input] of requests.entries()) {
      try {
        valid.push({ index, request: this.#canonical(parse(identifyRequest, input)) })
      } catch (error) {
        results[index] = failure(error)
      }
    }
    for (let start = 0; start < valid.length; start += CHUNK) {
      const chunk = valid.slice(start, start + CHUNK)
      const answers = await this.#identifyChunk(chunk.map(({ request }) => request))
      for (const [n, { index }] of chunk.entries()) results[index] = answers[n]!
    }
    return results
  }

  /** The person that a contact id, an e-mail or a phone number belongs to; null where nobody does. Writes nothing. */
  async getPerson(query: PersonQuery): Promise<IdentifyResponse | null> {
    const person = await this.#store.find(this.#workspaceId, this.#storeQuery(query))
    return person && { contact: person }
  }

  /** What `identify` would answer and do. Writes nothing. */
  async preview(request: IdentifyRequest): Promise<PreviewResponse> {
    const { person, ...rest } = await this.#store.preview(this.#workspaceId, this.#canonical(request))
    return { contact: person, ...rest }
  }

  async #identifyChunk(requests: readonly CanonicalRequest[]): Promise<IdentifyManyResult[]> {
    try {
      const results = await this.#store.identify(this.#workspaceId, requests)
      return results.map(({ person }) => ({ status: 'ok', contact: person }))
    } catch (error) {
      return requests.map(() => failure(error))
    }
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

function failure(error: unknown): IdentifyManyResult {
  if (!(error instanceof IdentityError)) throw error
  const { code, message, problems } = error
  return { status: 'error', error: { code, message, problems: [...problems] } }
}
