import {
  drawWebhookSecret,
  IdentityError,
  invalidRequest,
  isUnavailable,
  type DeadLetter as KeptDeadLetter,
  type WebhookEndpoint as KeptEndpoint,
  show,
  type WebhookStore,
} from '@identity/core'
import type {
  CreatedWebhook,
  DeadLetter,
  DeadLetterList,
  DeadLettersQuery,
  NewWebhook,
  Retries,
  WebhookEndpoint,
  WebhookList,
  WebhookOperations,
  WebhookUpdate,
} from './webhook-types.ts'

/** What a list has where nothing is said. */
const DEFAULT_DEAD_LETTERS = 100
/** How long a secret signs on once there is a new one: receivers have so long to take it. */
const FORMER_SECRET_MS = 24 * 60 * 60 * 1_000

/*
 * These two make something anew each time, also where the database did it and the answer was lost. So the store's word,
 * that repeating is safe, is not for them.
 */
export const MAYBE_CREATED =
  'The database cannot serve this request now, and may have made an endpoint already. List the endpoints and delete one whose secret you do not have before you repeat it: that makes another.'
export const MAYBE_ROTATED =
  'The database cannot serve this request now, and may have made a new secret already, which nobody was told. Repeat the request for one that you know: each makes another.'

export interface WebhookServiceOptions {
  store: WebhookStore
  workspaceId: number
  /** Whether events may be sent there. */
  isAllowed: (url: URL) => boolean
}

/** Where a workspace's events are sent, whatever the transport: addresses are checked, secrets drawn, the store answers. */
export class WebhookService implements WebhookOperations {
  readonly #store: WebhookStore
  readonly #workspaceId: number
  readonly #isAllowed: (url: URL) => boolean

  constructor({ store, workspaceId, isAllowed }: WebhookServiceOptions) {
    this.#store = store
    this.#workspaceId = workspaceId
    this.#isAllowed = isAllowed
  }

  async create({ url, types = null }: NewWebhook): Promise<CreatedWebhook> {
    const secret = drawWebhookSecret()
    const endpoint = { url: this.#checked(url), secret, types }
    const created = this.#store.createEndpoint(this.#workspaceId, endpoint)
    return { ...shownEndpoint(await madeAnew(created, MAYBE_CREATED)), secret }
  }

  async list(): Promise<WebhookList> {
    return { endpoints: (await this.#store.endpoints(this.#workspaceId)).map(shownEndpoint) }
  }

  async update({ id, url, ...change }: WebhookUpdate): Promise<WebhookEndpoint> {
    const checked = { ...change, ...(url !== undefined && { url: this.#checked(url) }) }
    return shownEndpoint(await this.#store.updateEndpoint(this.#workspaceId, id, checked))
  }

  async delete({ id }: { id: number }): Promise<{ deleted: boolean }> {
    return { deleted: await this.#store.deleteEndpoint(this.#workspaceId, id) }
  }

  async rotateSecret({ id }: { id: number }): Promise<CreatedWebhook> {
    const secret = drawWebhookSecret()
    const formerUntil = new Date(Date.now() + FORMER_SECRET_MS)
    const rotated = this.#store.rotateSecret(this.#workspaceId, id, secret, formerUntil)
    return { ...shownEndpoint(await madeAnew(rotated, MAYBE_ROTATED)), secret }
  }

  async listDeadLetters({
    endpointId,
    after,
    limit = DEFAULT_DEAD_LETTERS,
  }: DeadLettersQuery): Promise<DeadLetterList> {
    const deadLetters = await this.#store.deadLetters(this.#workspaceId, { endpointId, after, limit })
    return { deadLetters: deadLetters.map(shownDeadLetter) }
  }

  async retryDeadLetter({ id }: { id: number }): Promise<DeadLetter> {
    return shownDeadLetter(await this.#store.retryDeadLetter(this.#workspaceId, id))
  }

  async retryDeadLetters({ endpointId }: { endpointId: number }): Promise<Retries> {
    return { retries: await this.#store.retryDeadLetters(this.#workspaceId, endpointId) }
  }

  /** @throws IdentityError `invalid_request` where events may not be sent there */
  #checked(text: string): string {
    const url = URL.canParse(text) ? new URL(text) : null
    const isHttp = url?.protocol === 'https:' || url?.protocol === 'http:'
    // What stands before an @ would be a password in lists.
    if (url && isHttp && !url.username && !url.password && this.#isAllowed(url)) return url.href
    const detail = `url must be a public https address without a user name, such as "https://shop.example/hooks"; found ${show(text)}.`
    throw invalidRequest([{ field: 'url', detail }])
  }
}

/** @throws IdentityError `unavailable` in these words, where the store says so in its own */
async function madeAnew(made: Promise<KeptEndpoint>, detail: string): Promise<KeptEndpoint> {
  try {
    return await made
  } catch (cause) {
    if (!(cause instanceof IdentityError && isUnavailable(cause))) throw cause
    throw new IdentityError('unavailable', detail, { retryAfterS: cause.retryAfterS ?? 1, cause })
  }
}

function shownEndpoint({ createdAt, disabledAt, types, ...rest }: KeptEndpoint): WebhookEndpoint {
  return {
    ...rest,
    types: types && [...types],
    createdAt: createdAt.toISOString(),
    disabledAt: disabledAt?.toISOString() ?? null,
  }
}

function shownDeadLetter({ at, retryRequestedAt, ...rest }: KeptDeadLetter): DeadLetter {
  return { ...rest, at: at.toISOString(), retryRequestedAt: retryRequestedAt?.toISOString() ?? null }
}
