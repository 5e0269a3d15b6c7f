import type { CanonicalRequest } from './canonical/request.ts'
import type { Corrections } from './corrections.ts'
import type { Origin, RecordedEvent } from './event.ts'
import type { Identifier } from './identifier.ts'
import type { Inquiries } from './inquiries.ts'
import type { PersonView } from './person.ts'
import type { Preview } from './preview.ts'
import type { Outcome } from './reconcile.ts'
import type { RuleStore } from './rule-store.ts'
import type { WebhookStore } from './webhook-store.ts'

/** One request's answer. */
export interface IdentifyResult {
  readonly outcome: Outcome
  readonly person: PersonView
}

/** How to look a person up: by any of its contacts' ids, or by an identifier it carries. */
export type PersonQuery = { readonly contactId: number } | { readonly identifier: Identifier }

/** What of a workspace's log is asked for. */
export interface EventQuery {
  /** The id of the last event that was seen. @default none: from the oldest that is kept */
  readonly after?: string | undefined
  /** How many events at the most, 1 to 1,000. */
  readonly limit: number
}

/**
 * Where persons live. Every method is of one workspace, and linearizable with every other call on it (promise G1).
 * @throws IdentityError `unavailable` when the store cannot serve now; nothing half-done remains, and repeating is safe.
 */
export interface IdentityStore {
  /**
   * Reconciles the requests one after another, all or none of them, and answers each in its turn.
   * @param origin on whose behalf, for the log @default nobody's
   * @throws IdentityError `identifier_blocked` where all values of one are blocked; none is done then
   */
  identify(workspaceId: number, requests: readonly CanonicalRequest[], origin?: Origin): Promise<IdentifyResult[]>
  /** The person, or null where nobody matches. Writes nothing. */
  find(workspaceId: number, query: PersonQuery): Promise<PersonView | null>
  /** What identify would answer and do now. Writes nothing. */
  preview(workspaceId: number, request: CanonicalRequest): Promise<Preview>
  /**
   * The next events in the log. Whoever goes on after the last one sees every event once, each after those that it
   * follows from, however many processes write.
   * @throws IdentityError `invalid_request` where no event has the id, `gone` where events after it were deleted
   */
  events(workspaceId: number, query: EventQuery): Promise<RecordedEvent[]>
  /** Resolves when there may be events after this one, or when the signal is aborted. */
  untilEvents(workspaceId: number, after: string | undefined, signal: AbortSignal): Promise<void>
  /** What can be done about a merge. */
  readonly corrections: Corrections
  /** Why persons are as they are, and what they were. */
  readonly inquiries: Inquiries
  /** What workspaces refuse and block. */
  readonly rules: RuleStore
  /** Where workspaces want their events sent. */
  readonly webhooks: WebhookStore
}

/** The workspace that every installation starts with. */
export const DEFAULT_WORKSPACE_ID = 1
