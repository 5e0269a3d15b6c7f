import type { CanonicalRequest } from './canonical/request.ts'
import type { Identifier } from './identifier.ts'
import type { PersonView } from './person.ts'
import type { Preview } from './preview.ts'
import type { Outcome } from './reconcile.ts'

/** One request's answer. */
export interface IdentifyResult {
  readonly outcome: Outcome
  readonly person: PersonView
}

/** How to look a person up: by any of its contacts' ids, or by an identifier it carries. */
export type PersonQuery = { readonly contactId: number } | { readonly identifier: Identifier }

/**
 * Where persons live. Every method is of one workspace, and linearizable with every other call on it (promise G1).
 * @throws IdentityError `unavailable` when the store cannot serve now; nothing half-done remains, and repeating is safe.
 */
export interface IdentityStore {
  /** Reconciles the requests one after another, all or none of them, and answers each in its turn. */
  identify(workspaceId: number, requests: readonly CanonicalRequest[]): Promise<IdentifyResult[]>
  /** The person, or null where nobody matches. Writes nothing. */
  find(workspaceId: number, query: PersonQuery): Promise<PersonView | null>
  /** What identify would answer and do now. Writes nothing. */
  preview(workspaceId: number, request: CanonicalRequest): Promise<Preview>
}

/** The workspace that every installation starts with. */
export const DEFAULT_WORKSPACE_ID = 1
