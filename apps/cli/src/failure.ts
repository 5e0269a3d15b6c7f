import { IdentityError } from '@identity/core'
import { DataDirInUse, databaseRemedy, EmbeddedPostgresFailure } from '@identity/embedded-postgres'

/** What went wrong and what to do about it, for a person at a terminal: no stack, no SQL, no secrets. */
export class Failure extends Error {
  override readonly name: string = 'Failure'
}

/** The command line is wrong. */
export class UsageError extends Failure {
  override readonly name = 'UsageError'
}

/** A failure of the system's (no such file, no space) speaks for itself; one of the database's is named by its code. */
export function explain(error: unknown): string {
  if (error instanceof Failure || error instanceof IdentityError || error instanceof DataDirInUse) return error.message
  if (error instanceof EmbeddedPostgresFailure) {
    return `${error.message}. Set DATA_DIR to a folder that this user may write to, or DATABASE_URL to a PostgreSQL of yours.`
  }
  const remedy = databaseRemedy(error)
  if (remedy) return remedy
  if (error instanceof Error && 'syscall' in error) return `${error.message}.`
  const code = error instanceof Error && 'code' in error ? ` ${error.code}` : ''
  const type = error instanceof Error ? error.constructor.name : typeof error
  return `Something went wrong that this command has no advice for: ${type}${code}. Please report it, with the command line.`
}
