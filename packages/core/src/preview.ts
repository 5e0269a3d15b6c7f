import type { CanonicalRequest } from './canonical/request.ts'
import type { LinkPrecedence } from './contact.ts'
import { type PersonView, viewOf } from './person.ts'
import { type FindPerson, type Outcome, reconcile } from './reconcile.ts'

/** What identify would answer and do for a request. */
export interface Preview {
  outcome: Outcome
  /** The person afterwards. A contact that would be new has no id yet, so a new person's primary is null. */
  person: Omit<PersonView, 'primaryContactId'> & { primaryContactId: number | null }
  /** The contact that would be added, or null. */
  newContact: { email: string | null; phoneNumber: string | null; linkPrecedence: LinkPrecedence } | null
  /** Contacts that would come to point at another primary than now, oldest first. */
  movedContactIds: number[]
}

/** Later than any real contact: the contact to be sorts last. */
const ID_TO_BE = Number.MAX_SAFE_INTEGER
const TIME_TO_BE = new Date(8.64e15)

/** Runs the rules for one request on the persons as they are, and keeps nothing. */
export function preview(find: FindPerson, request: CanonicalRequest): Preview {
  const { outcome, person, added, changed } = reconcile(find, request, {
    at: TIME_TO_BE,
    newId: () => ID_TO_BE,
  })
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
  }
}
