export { covers, KEY_SCOPES, type KeyHolder, type KeyScope, type KeyState } from './access.ts'
export { canonicalEmail } from './canonical/email.ts'
export { canonicalPhone, isPhoneRegion, type PhoneRegion } from './canonical/phone.ts'
export {
  type CanonicalOptions,
  type CanonicalRequest,
  canonicalRequest,
  type IdentifyRequest,
} from './canonical/request.ts'
export { type Canonical, show } from './canonical/value.ts'
export { type Contact, compareAge, type LinkPrecedence } from './contact.ts'
export { type FieldProblem, IdentityError, type IdentityErrorCode, invalidRequest, isUnavailable } from './errors.ts'
export {
  type ContactAdded,
  type ContactRemoved,
  type ContactsSeparated,
  eventOf,
  type IdentifierRuled,
  type IdentifierSuspected,
  type IdentityEvent,
  type MergeRefused,
  type MovedContact,
  NO_ORIGIN,
  type Origin,
  type PersonCreated,
  type PersonErased,
  type PersonSplit,
  type PersonsMerged,
  type RecordedEvent,
  type WrittenEvent,
} from './event.ts'
export { IDENTIFIER_KINDS, type Identifier, type IdentifierKind, identifiersOf } from './identifier.ts'
export { MemoryStore, type MemoryStoreOptions } from './memory-store.ts'
export { type Person, type PersonView, viewOf } from './person.ts'
export { type Preview, preview } from './preview.ts'
export { type FindPerson, type Outcome, type Reconciliation, reconcile, type Stamp } from './reconcile.ts'
export {
  DEFAULT_WORKSPACE_ID,
  type EventQuery,
  type IdentifyResult,
  type IdentityStore,
  type PersonQuery,
} from './store.ts'
export { WorkingSet } from './working-set.ts'
