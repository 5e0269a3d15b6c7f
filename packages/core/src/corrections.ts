import type { Origin } from './event.ts'
import type { PersonView } from './person.ts'

/** What a correction has made of the persons it was about, or would make of them. */
export interface Corrected {
  /** Every person with a contact that is not deleted, the one that keeps the former name first. */
  readonly persons: readonly PersonView[]
}

export interface SplitResult extends Corrected {
  /** What keeps the two apart from now on; null for nothing, and in a dry run. */
  readonly separationId: number | null
}

export interface EraseResult {
  /** The contacts that are gone, deleted ones included. */
  readonly contactIds: readonly number[]
  /** How many of the person's values are gone with them. */
  readonly identifierCount: number
}

/** On whose behalf, and whether only to say what would be done. */
export interface CorrectionOptions {
  /** @default nobody's */
  readonly origin?: Origin | undefined
  /** @default false */
  readonly dryRun?: boolean | undefined
}

/**
 * What can be done about a merge (docs/corrections.md). Every method is of one workspace, atomic, and linearizable with
 * identify.
 * @throws IdentityError `not_found`, `conflict` or `unavailable`; nothing half-done remains
 */
export interface Corrections {
  /** Makes contacts a person of their own. */
  split(
    workspaceId: number,
    query: { readonly contactIds: readonly number[]; readonly keepApart: boolean },
    options?: CorrectionOptions,
  ): Promise<SplitResult>
  /** Takes a merge back, by the id of its event. */
  undo(workspaceId: number, eventId: string, options?: CorrectionOptions): Promise<Corrected>
  /** Takes a contact out of matching and answers. */
  deleteContact(workspaceId: number, contactId: number, options?: CorrectionOptions): Promise<Corrected>
  /** Takes a deletion back. */
  restoreContact(workspaceId: number, contactId: number, options?: CorrectionOptions): Promise<Corrected>
  /** Takes a person away for good, by any of its contacts. */
  erase(
    workspaceId: number,
    query: { readonly contactId: number; readonly reason: string | null },
    options?: CorrectionOptions,
  ): Promise<EraseResult>
}
