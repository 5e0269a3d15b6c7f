import {
  type DeadLetter,
  type DeadLetterQuery,
  noDeadLetter,
  noEndpoint,
  refuseTooManyEndpoints,
  type WebhookChange,
  type WebhookEndpoint,
  type WebhookStore,
} from './webhook-store.ts'

/** Endpoints in memory, to which nothing is delivered: so there are no dead letters. */
export class MemoryWebhooks implements WebhookStore {
  readonly #now: () => Date
  readonly #endpoints = new Map<number, Map<number, WebhookEndpoint>>()
  #lastId = 0

  constructor(now: () => Date) {
    this.#now = now
  }

  async createEndpoint(
    workspaceId: number,
    { url, types }: { url: string; types: WebhookEndpoint['types'] },
  ): Promise<WebhookEndpoint> {
    const known = this.#of(workspaceId)
    refuseTooManyEndpoints(known.size)
    const id = ++this.#lastId
    return this.#keep(workspaceId, { id, url, types, createdAt: this.#now(), disabledAt: null, disabledReason: null })
  }

  async endpoints(workspaceId: number): Promise<WebhookEndpoint[]> {
    return [...this.#of(workspaceId).values()]
  }

  async updateEndpoint(workspaceId: number, id: number, change: WebhookChange): Promise<WebhookEndpoint> {
    const endpoint = this.#get(workspaceId, id)
    const { url = endpoint.url, types = endpoint.types, enabled } = change
    const disabled =
      enabled === false && !endpoint.disabledAt
        ? ({ disabledAt: this.#now(), disabledReason: 'request' } as const)
        : enabled && { disabledAt: null, disabledReason: null }
    return this.#keep(workspaceId, { ...endpoint, url, types, ...disabled })
  }

  async deleteEndpoint(workspaceId: number, id: number): Promise<boolean> {
    return this.#of(workspaceId).delete(id)
  }

  async rotateSecret(workspaceId: number, id: number): Promise<WebhookEndpoint> {
    return this.#get(workspaceId, id)
  }

  async deadLetters(_workspaceId: number, _query: DeadLetterQuery): Promise<DeadLetter[]> {
    return []
  }

  async retryDeadLetter(_workspaceId: number, id: number): Promise<DeadLetter> {
    throw noDeadLetter(id)
  }

  async retryDeadLetters(workspaceId: number, endpointId: number): Promise<number> {
    this.#get(workspaceId, endpointId)
    return 0
  }

  #get(workspaceId: number, id: number): WebhookEndpoint {
    const endpoint = this.#of(workspaceId).get(id)
    if (!endpoint) throw noEndpoint(id)
    return endpoint
  }

  #keep(workspaceId: number, endpoint: WebhookEndpoint): WebhookEndpoint {
    this.#of(workspaceId).set(endpoint.id, endpoint)
    return endpoint
  }

  #of(workspaceId: number): Map<number, WebhookEndpoint> {
    const known = this.#endpoints.get(workspaceId)
    if (known) return known
    const fresh = new Map<number, WebhookEndpoint>()
    this.#endpoints.set(workspaceId, fresh)
    return fresh
  }
}
