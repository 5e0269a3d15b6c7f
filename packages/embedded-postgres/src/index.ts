export { DataDirInUse } from './data-dir-lock.ts'
export { EmbeddedPostgresFailure } from './failure.ts'
export { type EmbeddedPostgres, type EmbeddedPostgresOptions, startEmbeddedPostgres } from './start.ts'
