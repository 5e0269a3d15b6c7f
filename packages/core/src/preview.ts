import type { CanonicalRequest } from './canonical/request.ts'
import type { LinkPrecedence } from './contact.ts'
import { type PersonView, viewOf } from './person.ts'
import { type FindPerson, type Outcome, reconcile } from './reconcile.ts'
import type { ReconcileRules, RefusalReason } from './refusal.ts'

/** What identify would answer and do for a request. */
export interface Preview {
  outcome: Outcome
  /** The person afterwards. A contact that would be new has no id yet, so a new person's primary is null. */
  person: Omit<PersonView, 'primaryContactId'> & { primaryContactId: number | null }
  /** The contact that would be added, or null. */
  newContact: { email: string | null; phoneNumber: string | null; linkPrecedence: LinkPrecedence } | null
  /** Contacts that would come to point at another primary than now, oldest first. */
  movedContactIds: number[]
  /** Which rule refuses it, with the outcome `refused`; else null. */
  refusal: {
    reason: RefusalReason
    /** The person that would not be joined; null where a value would not be added. */
    otherPersonId: number | null
    /** With the reason `separation`; else null. */
    separationId: number | null
  } | null
}

/** Later than any real contact: the contact to be sorts last. */
const ID_TO_BE = Number.MAX_SAFE_INTEGER
const TIME_TO_BE = new Date(8.64e15)

/** Runs the rules for one request on the persons as they are, and keeps nothing. */
export function preview(find: FindPerson, request: CanonicalRequest, rules?: ReconcileRules): Preview {
  const stamp = { at: TIME_TO_BE, newId: () => ID_TO_BE }
  const { outcome, person, added, changed, refusal } = reconcile(find, request, stamp, rules)
  const view = viewOf(person)
  return {
    outcome,
    person: {
      ...view,
      primaryContactId: view.primaryContactId === ID_TO_BE ? null : view.primaryContactId,
      secondaryContactIds: view.secondaryContactIds.filter((id) => id !== ID_TO_BE),
    },
    newContact: added && {
      email: added.email,
      phoneNumber: added.phoneNumber,
      linkPrecedence: added.linkPrecedence,
    },
    movedContactIds: changed
      .filter((contact) => contact.id !== person.root.id && contact.deletedAt === null)
      .map((contact) => contact.id),
    refusal: refusal
      ? {
          reason: refusal.reason,
          otherPersonId: refusal.other?.root.id ?? null,
          separationId: refusal.separationId ?? null,
        }
      : null,
  }
}
