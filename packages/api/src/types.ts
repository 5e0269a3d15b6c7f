import type {
  FieldProblem,
  IdentityErrorCode,
  LinkPrecedence,
  Origin,
  Outcome,
  RecordedEvent,
  RefusalReason,
} from '@identity/core'
import type { CorrectionOperations } from './correction-types.ts'
import type { RuleOperations } from './rule-types.ts'
import type { WebhookOperations } from './webhook-types.ts'

/** What an order tells of its customer: an e-mail, a phone number or both. Blank or null means absent. */
export interface IdentifyRequest {
  email?: string | null | undefined
  phoneNumber?: string | number | null | undefined
}

/** The one person behind all contacts that share an e-mail or a phone number. */
export interface Person {
  /** The oldest contact of the person. */
  primaryContactId: number
  /** The primary's own first, then by age; none twice. */
  emails: string[]
  /** The primary's own first, then by age; none twice. */
  phoneNumbers: string[]
  /** All other contacts of the person, by age. */
  secondaryContactIds: number[]
}

export interface IdentifyResponse {
  contact: Person
}

/** The same with what was done, for those who call over tRPC. */
export interface IdentifyAnswer extends IdentifyResponse {
  /** Nothing, a new person, a contact more, several persons made one, or nothing as a rule of the workspace refused it. */
  outcome: Outcome
}

/** What became of one request of many: the person, or what was wrong with the request. */
export type IdentifyManyResult = { status: 'ok'; contact: Person } | { status: 'error'; error: IdentifyManyError }

export interface IdentifyManyError {
  code: IdentityErrorCode
  /** What was found, and what to do about it. */
  message: string
  /** Every field that is wrong; `body` is the whole request. */
  problems: FieldProblem[]
  /** With `unavailable`: when to try again, in seconds. */
  retryAfterS?: number | undefined
}

/** The same over plain HTTP, as an object that can grow. */
export interface IdentifyBatchResponse {
  results: IdentifyManyResult[]
}

/** Exactly one of the three. */
export type PersonQuery = { contactId: number } | { email: string } | { phoneNumber: string | number }

/** What identify would answer and do. */
export interface PreviewResponse {
  outcome: Outcome
  /** The person afterwards. A contact that would be new has no id yet: a new person's primaryContactId is null. */
  contact: Omit<Person, 'primaryContactId'> & { primaryContactId: number | null }
  /** The contact that would be added, or null. */
  newContact: { email: string | null; phoneNumber: string | null; linkPrecedence: LinkPrecedence } | null
  /** Contacts that would come to point at another primary, oldest first. */
  movedContactIds: number[]
  /** Which rule refuses it, with the outcome `refused`; else null. */
  refusal: { reason: RefusalReason; otherPersonId: number | null; separationId: number | null } | null
}

/** An event of the workspace's log: what happened, by ids alone. New types may come: leave out those you do not know. */
export type Event = RecordedEvent

export interface EventsQuery {
  /** The id of the last event that was seen. @default none: from the oldest that is kept */
  after?: string | undefined
  /** How many events at the most, 1 to 1,000. @default 100 */
  limit?: number | undefined
}

export interface EventList {
  /** In order. Go on after the last one; none means that there are no more for now. */
  events: Event[]
}

/** Where to begin to follow the events. */
export interface EventsSubscription {
  /** The id of the last event that was seen. @default none: from the oldest that is kept */
  after?: string | undefined
  /** The same, as tRPC's clients say it when they connect again. It counts before `after`. */
  lastEventId?: string | undefined
}

/** A problem document (RFC 9457); `code` and `errors` are extensions of ours. */
export interface ProblemDocument {
  type: string
  title: string
  status: number
  /** The same name on every transport. */
  code: string
  /** What was found, and what to do about it. */
  detail: string
  /** Every field that is wrong; `body` is the whole of it. */
  errors?: FieldProblem[] | undefined
}

/** One call, as whoever counts and logs calls sees it. */
export interface CallRecord {
  /** What `identify` did, or the code that the call failed with; left out where neither says more than the status. */
  outcome?: Outcome | IdentityErrorCode | undefined
}

/** What the service does, whatever the transport. Each throws IdentityError only. */
export interface IdentityOperations {
  /**
   * The one person behind a request; made, extended or merged as rules R2–R4 say. Safe to repeat.
   * @param call gets the outcome
   */
  identify(request: IdentifyRequest, origin?: Origin, call?: CallRecord): Promise<IdentifyAnswer>
  /**
   * The same for many, as if called one after another. Each result stands where its request stood; a request that is
   * wrong, or that could not be served, is reported in its place and harms no other. Throws `unavailable` where not
   * one could be served.
   */
  identifyMany(requests: readonly unknown[], origin?: Origin): Promise<IdentifyManyResult[]>
  /** The person that a contact id, an e-mail or a phone number belongs to; null where nobody does. Writes nothing. */
  getPerson(query: PersonQuery): Promise<IdentifyResponse | null>
  /** What `identify` would answer and do. Writes nothing. */
  preview(request: IdentifyRequest): Promise<PreviewResponse>
  /**
   * What happened to persons, oldest first. Whoever goes on after the last event sees each once, after those that it
   * follows from.
   */
  listEvents(query: EventsQuery): Promise<EventList>
  /** The same, a page at a time and without an end: it waits for what is to come until the signal is aborted. */
  followEvents(after: string | undefined, signal: AbortSignal): AsyncIterable<Event[]>
  /** What the workspace refuses and blocks. */
  readonly rules: RuleOperations
  /** What can be done about a merge, and asked about it. */
  readonly corrections: CorrectionOperations
  /** Where events are sent. */
  readonly webhooks: WebhookOperations
}
