import type { IdentifierKind, Origin } from '@identity/core'
import type { EventList, Person, PersonQuery } from './types.ts'

/** Whether only to say what would be done. */
export interface DryRun {
  /** @default false */
  dryRun?: boolean | undefined
}

export interface SplitRequest extends DryRun {
  /** Contacts of one person, which become a person of their own. */
  contactIds: number[]
  /** Whether the two are kept apart from now on. @default true */
  keepApart?: boolean | undefined
}

/** What a correction made of the persons it was about. */
export interface CorrectionResponse {
  /** Every person with a contact that is not deleted. */
  persons: Person[]
}

export interface SplitResponse extends CorrectionResponse {
  /** What keeps the two apart; null for nothing, and in a dry run. */
  separationId: number | null
}

export interface UndoRequest extends DryRun {
  /** The id of an event `persons.merged`. */
  eventId: string
}

export interface ContactRequest extends DryRun {
  contactId: number
}

export interface EraseRequest extends ContactRequest {
  /** Why, in letters, spaces, - and _: it is kept in the event, and must name nobody. */
  reason?: string | null | undefined
}

export interface EraseResponse {
  /** The contacts that are gone, deleted ones included. */
  contactIds: number[]
  /** How many values are gone with them. */
  identifierCount: number
}

export interface ExplainRequest {
  from: PersonQuery
  to: PersonQuery
}

export interface ExplainedContact {
  id: number
  email: string | null
  phoneNumber: string | null
}

/** What joins a contact to the next. */
export type ExplainedLink =
  | { by: 'identifier'; kind: IdentifierKind; value: string }
  /** A request had the e-mail of one and the phone number of the other. */
  | { by: 'request'; at: string }
  | { by: 'unrecorded' }

export interface ExplainResponse {
  /** To be read out. It names values. */
  sentence: string
  /** From one end to the other. */
  contacts: ExplainedContact[]
  /** One fewer than contacts. */
  links: ExplainedLink[]
}

export interface HistoryQuery {
  contactId: number
  /** The id of the last event that was seen. @default none */
  after?: string | undefined
  /** How many events at the most, 1 to 1,000. @default 100 */
  limit?: number | undefined
}

export interface AsOfQuery {
  contactId: number
  /** ISO 8601 with a time zone. */
  at: string
}

export interface AsOfResponse {
  /** Null where all of its contacts were deleted. */
  contact: Person | null
  /** False where the log does not tell all: then this is what is known. */
  isComplete: boolean
  /** When the oldest event that is kept happened; null where there is none. */
  logBeginsAt: string | null
}

/** What can be done about a merge, and asked about it. Each throws IdentityError only. */
export interface CorrectionOperations {
  split(request: SplitRequest, origin?: Origin): Promise<SplitResponse>
  undo(request: UndoRequest, origin?: Origin): Promise<CorrectionResponse>
  deleteContact(request: ContactRequest, origin?: Origin): Promise<CorrectionResponse>
  restoreContact(request: ContactRequest, origin?: Origin): Promise<CorrectionResponse>
  erase(request: EraseRequest, origin?: Origin): Promise<EraseResponse>
  /** Why two ends are of one person. Writes nothing. */
  explain(request: ExplainRequest): Promise<ExplainResponse>
  /** What happened to a person, oldest first. Writes nothing. */
  history(query: HistoryQuery): Promise<EventList>
  /** A person as it was. Writes nothing. */
  asOf(query: AsOfQuery): Promise<AsOfResponse>
}
