export { requestsWait } from './batcher.ts'
export { type BulkIdentifyOptions, bulkIdentify, type OutcomeCounts } from './bulk-identify.ts'
export { bulkForesee, bulkPreview, type ForeseenRequest } from './bulk-preview.ts'
export { type Client, type ClientOptions, openClient } from './client.ts'
export { type CorrectOptions, correct } from './corrections/correct.ts'
export type { CorrectionTarget, LockedPersons } from './corrections/lock.ts'
export { deleteOldEvents } from './events/delete-old-events.ts'
export { type ExportedPerson, exportContacts, exportPersons } from './export.ts'
export { type FoundValue, findValues } from './find-values.ts'
export { type Isolation, inWorkspace, readIsolation } from './isolation.ts'
export { KeyRing, type KeyRingOptions } from './keys/key-ring.ts'
export {
  type ApiKey,
  type CreatedKey,
  createKey,
  listKeys,
  type NewKey,
  revokeKey,
} from './keys/manage-keys.ts'
export { hasKeys } from './keys/read-keys.ts'
export { hashOfKey, idOfKey } from './keys/secret.ts'
export { findOrCreateWorkspace, findWorkspace, listWorkspaces, type Workspace } from './keys/workspaces.ts'
export { type MigrateOptions, migrate } from './migrate.ts'
export { type Load, type Observer, PHASES, type Phase, type Tracing } from './observer.ts'
export { Pool, type PoolOptions } from './pool.ts'
export { type Readiness, readReadiness } from './readiness.ts'
export { type Repaired, type RepairOptions, repair } from './repair/repair.ts'
export { RETRIED_CODES, type RetryEvent } from './retry.ts'
export { type ApplyOptions, applyBlocks, workspacesToApply } from './rules/apply-blocks.ts'
export { PostgresRules, type PostgresRulesOptions } from './rules/postgres-rules.ts'
export { RULES_SETTLE_MS, RuleBook, type RuleSource, type WorkspaceRules } from './rules/rule-book.ts'
export { readBridges } from './statements/read-bridges.ts'
export type { LeasedEndpoint, TakenEndpoint } from './statements/webhook-leases.ts'
export { PostgresStore, type PostgresStoreOptions } from './store.ts'
export { INVARIANTS, type InvariantName, type Level } from './verify/invariants.ts'
export { type Finding, type Verification, type VerifyOptions, type VerifyProgress, verify } from './verify/verify.ts'
export type { DeliveryState, FailedDelivery } from './webhooks/delivery-state.ts'
export { DeliveryStore, type DeliveryStoreOptions, type RequestedRetry } from './webhooks/delivery-store.ts'
export { PostgresWebhooks, type PostgresWebhooksOptions } from './webhooks/postgres-webhooks.ts'
