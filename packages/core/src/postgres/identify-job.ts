import type { CanonicalRequest } from '../canonical/request.ts'
import type { Origin } from '../event.ts'
import { type Identifier, identifiersOf } from '../identifier.ts'
import type { IdentifyResult } from '../store.ts'
import type { Job } from './batcher.ts'
import type { WorkspaceRules } from './rules/rule-book.ts'
import { screened } from './rules/screen.ts'

/** A call on its way: one request, or several that keep their order. */
export interface IdentifyJob extends Job {
  readonly requests: readonly CanonicalRequest[]
  readonly origin: Origin
  /** The requests without what the workspace blocks: the same ones where it blocks nothing of them. */
  usable: readonly CanonicalRequest[]
  /** Of what is usable. */
  identifiers: readonly Identifier[]
  /** By what rules that is. */
  rules: WorkspaceRules | undefined
  /** Why it is refused by them, where nothing usable remains of one of its requests. */
  refusal: unknown
  resolve(results: IdentifyResult[]): void
  /** What the read found: the persons to lock, the identifiers that somebody claims, and those that nobody carries. */
  rootIds: readonly number[]
  known: readonly Identifier[]
  unclaimed: readonly Identifier[]
  /** Contacts of the persons found. */
  contactCount: number
}

/** Takes away what the workspace blocks of a call's requests. */
export function screen(job: IdentifyJob, rules: WorkspaceRules | undefined): void {
  if (job.rules === rules) return
  job.rules = rules
  job.refusal = undefined
  job.usable = []
  try {
    job.usable = screened(job.requests, rules)
  } catch (error) {
    job.refusal = error
  }
  job.identifiers = identifiersOfAll(job.usable)
}

/** The identifiers of a call's requests, in their order. Nearly every call has one request. */
export function identifiersOfAll(requests: readonly CanonicalRequest[]): Identifier[] {
  return requests.length === 1 ? identifiersOf(requests[0]!) : requests.flatMap(identifiersOf)
}
