import type { RecordedEvent } from './event.ts'
import type { ExplainEnd, Explanation } from './explain.ts'
import type { PersonView } from './person.ts'
import type { EventQuery } from './store.ts'

/** A person as it was. */
export interface PastPerson {
  /** Null where all of its contacts were deleted. */
  readonly person: PersonView | null
  /**
   * False where the log does not tell all: it does not reach back so far, or what happened since took something away that
   * it does not name (an erasure, a blocked value). Then this is what is known.
   */
  readonly isComplete: boolean
  /** When the oldest event that is kept happened; null where there is none. */
  readonly logBeginsAt: Date | null
}

/** What can be asked about persons and their past. Every method is of one workspace and writes nothing. */
export interface Inquiries {
  /** Why two ends are of one person. @throws IdentityError `not_found` where they are not */
  explain(workspaceId: number, from: ExplainEnd, to: ExplainEnd): Promise<Explanation>
  /**
   * What happened to the person that a contact is of, oldest first, under whatever names it had.
   * @throws IdentityError `not_found` for a contact that is neither there nor in the log
   */
  history(workspaceId: number, contactId: number, query: EventQuery): Promise<RecordedEvent[]>
  /** @throws IdentityError `not_found` where the contact was not there */
  asOf(workspaceId: number, contactId: number, at: Date): Promise<PastPerson>
}
