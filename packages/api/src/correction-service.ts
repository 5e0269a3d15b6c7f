import {
  type ExplainEnd,
  type Explanation,
  type IdentityStore,
  type Link,
  type Origin,
  sentenceOf,
} from '@identity/core'
import type {
  AsOfQuery,
  AsOfResponse,
  ContactRequest,
  CorrectionOperations,
  CorrectionResponse,
  EraseRequest,
  EraseResponse,
  ExplainedLink,
  ExplainRequest,
  ExplainResponse,
  HistoryQuery,
  SplitRequest,
  SplitResponse,
  UndoRequest,
} from './correction-types.ts'
import type { EventList, PersonQuery } from './types.ts'

/** What a list has where nothing is said. */
const DEFAULT_EVENTS = 100

export interface CorrectionServiceOptions {
  store: Pick<IdentityStore, 'corrections' | 'inquiries'>
  workspaceId: number
  /** The canonical form of what names a person. @throws IdentityError */
  endOf(query: PersonQuery): ExplainEnd
}

/** What can be done about a merge, and asked about it, whatever the transport. */
export class CorrectionService implements CorrectionOperations {
  readonly #store: CorrectionServiceOptions['store']
  readonly #workspaceId: number
  readonly #endOf: (query: PersonQuery) => ExplainEnd

  constructor({ store, workspaceId, endOf }: CorrectionServiceOptions) {
    this.#store = store
    this.#workspaceId = workspaceId
    this.#endOf = endOf
  }

  async split({ contactIds, keepApart = true, dryRun }: SplitRequest, origin?: Origin): Promise<SplitResponse> {
    const { corrections } = this.#store
    const done = await corrections.split(this.#workspaceId, { contactIds, keepApart }, { origin, dryRun })
    return { persons: [...done.persons], separationId: done.separationId }
  }

  async undo({ eventId, dryRun }: UndoRequest, origin?: Origin): Promise<CorrectionResponse> {
    const { persons } = await this.#store.corrections.undo(this.#workspaceId, eventId, { origin, dryRun })
    return { persons: [...persons] }
  }

  async deleteContact({ contactId, dryRun }: ContactRequest, origin?: Origin): Promise<CorrectionResponse> {
    const { persons } = await this.#store.corrections.deleteContact(this.#workspaceId, contactId, { origin, dryRun })
    return { persons: [...persons] }
  }

  async restoreContact({ contactId, dryRun }: ContactRequest, origin?: Origin): Promise<CorrectionResponse> {
    const { persons } = await this.#store.corrections.restoreContact(this.#workspaceId, contactId, { origin, dryRun })
    return { persons: [...persons] }
  }

  async erase({ contactId, reason = null, dryRun }: EraseRequest, origin?: Origin): Promise<EraseResponse> {
    const done = await this.#store.corrections.erase(this.#workspaceId, { contactId, reason }, { origin, dryRun })
    return { contactIds: [...done.contactIds], identifierCount: done.identifierCount }
  }

  async explain({ from, to }: ExplainRequest): Promise<ExplainResponse> {
    const explanation = await this.#store.inquiries.explain(this.#workspaceId, this.#endOf(from), this.#endOf(to))
    return shownExplanation(explanation)
  }

  async history({ contactId, after, limit = DEFAULT_EVENTS }: HistoryQuery): Promise<EventList> {
    return { events: await this.#store.inquiries.history(this.#workspaceId, contactId, { after, limit }) }
  }

  async asOf({ contactId, at }: AsOfQuery): Promise<AsOfResponse> {
    const past = await this.#store.inquiries.asOf(this.#workspaceId, contactId, new Date(at))
    return {
      contact: past.person,
      isComplete: past.isComplete,
      logBeginsAt: past.logBeginsAt?.toISOString() ?? null,
    }
  }
}

function shownExplanation(explanation: Explanation): ExplainResponse {
  return {
    sentence: sentenceOf(explanation),
    contacts: explanation.contacts.map(({ id, email, phoneNumber }) => ({ id, email, phoneNumber })),
    links: explanation.links.map(shownLink),
  }
}

function shownLink(link: Link): ExplainedLink {
  return link.by === 'request' ? { by: 'request', at: link.at.toISOString() } : link
}
