import {
  type CanonicalRequest,
  canonicalRequest,
  DEFAULT_WORKSPACE_ID,
  IdentityError,
  type IdentityStore,
  type PhoneRegion,
  type PersonQuery as StoreQuery,
} from '@identity/core'
import { identifyRequest } from './contract.ts'
import { parse } from './parse.ts'
import type {
  IdentifyManyResult,
  IdentifyRequest,
  IdentifyResponse,
  IdentityOperations,
  PersonQuery,
  PreviewResponse,
} from './types.ts'

export interface IdentityServiceOptions {
  store: IdentityStore
  /** Where phone numbers without a country code are taken to be. @default none: they stay as they are */
  defaultRegion?: PhoneRegion | undefined
}

/** Requests that identifyMany sends to the store at once: few enough that other callers' transactions get a turn. */
const CHUNK = 100

/**
 * What the service does, whatever the transport: requests become canonical, the store answers.
 */
export class IdentityService implements IdentityOperations {
  readonly #store: IdentityStore
  readonly #defaultRegion: PhoneRegion | undefined
  readonly #workspaceId = DEFAULT_WORKSPACE_ID

  constructor({ store, defaultRegion }: IdentityServiceOptions) {
    this.#store = store
    this.#defaultRegion = defaultRegion
  }

  async identify(request: IdentifyRequest): Promise<IdentifyResponse> {
    const [result] = await this.#store.identify(this.#workspaceId, [this.#canonical(request)])
    return { contact: result!.person }
  }

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

  async getPerson(query: PersonQuery): Promise<IdentifyResponse | null> {
    const person = await this.#store.find(this.#workspaceId, this.#storeQuery(query))
    return person && { contact: person }
  }

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
