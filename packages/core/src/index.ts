export { covers, KEY_SCOPES, type KeyHolder, type KeyScope, type KeyState } from './access.ts'
export { BlockList, type BlockRule, withoutBlocked } from './block-list.ts'
export { canonicalPattern } from './block-pattern.ts'
export { type Bridge, bridgeOf } from './bridge.ts'
export { canonicalEmail } from './canonical/email.ts'
export { canonicalPhone, isPhoneRegion, type PhoneRegion } from './canonical/phone.ts'
export {
  type CanonicalOptions,
  type CanonicalRequest,
  canonicalRequest,
  type IdentifyRequest,
} from './canonical/request.ts'
export { type Canonical, show } from './canonical/value.ts'
export { comeApart, deleteContact } from './come-apart.ts'
export { type Contact, compareAge, type LinkPrecedence } from './contact.ts'
export type { Corrected, CorrectionOptions, Corrections, EraseResult, SplitResult } from './corrections.ts'
export { type Division, divide, splitEvents } from './divide.ts'
export { type Erasure, erase, type Scrubbing, scrub } from './erase.ts'
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
export { type EventCursor, eventCursor, eventId, isBefore } from './event-cursor.ts'
export { type ExplainEnd, type Explanation, explain, type Link, sentenceOf } from './explain.ts'
export { IDENTIFIER_KINDS, type Identifier, type IdentifierKind, identifiersOf } from './identifier.ts'
export type { Inquiries, PastPerson } from './inquiries.ts'
export { JUNK } from './junk.ts'
export { MemoryStore, type MemoryStoreOptions } from './memory-store.ts'
export { type OrderingKey, orderingKeys } from './ordering-keys.ts'
export { EVENT_TYPES } from './packed-events.ts'
export { type Person, type PersonView, viewOf } from './person.ts'
export { NO_CHOICES, NO_POLICY, type Policy, type PolicySettings, policyOf } from './policy.ts'
export { type Preview, preview } from './preview.ts'
export { type FindPerson, type Outcome, type Reconciliation, reconcile, type Stamp } from './reconcile.ts'
export { type Limits, type ReconcileRules, type Refusal, type RefusalReason, refusalOf } from './refusal.ts'
export { type Restoration, type RestoreContext, restoreContact, restoreEvents } from './restore.ts'
export type {
  BlockPreview,
  CountedRefusal,
  KeptBlockRule,
  KeptSeparation,
  PolicyChoices,
  PreviewedRule,
  RefusalQuery,
  RuleStore,
  SeparationQuery,
} from './rule-store.ts'
export { type Separation, separationBetween } from './separations.ts'
export { type Split, type SplitOptions, split } from './split.ts'
export {
  DEFAULT_WORKSPACE_ID,
  type EventQuery,
  type IdentifyResult,
  type IdentityStore,
  type PersonQuery,
} from './store.ts'
export { suspectsOf } from './suspects.ts'
export { undo } from './undo.ts'
export {
  DELIVERY_ERRORS,
  type DeadLetter,
  type DeadLetterQuery,
  type DeliveryError,
  drawWebhookSecret,
  MAX_WEBHOOK_ENDPOINTS,
  type WebhookChange,
  type WebhookEndpoint,
  type WebhookStore,
} from './webhook-store.ts'
export { WorkingSet } from './working-set.ts'
