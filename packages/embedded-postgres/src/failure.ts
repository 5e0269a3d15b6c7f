/** The embedded PostgreSQL cannot start; the message says why, for a person. */
export class EmbeddedPostgresFailure extends Error {
  override readonly name: string = 'EmbeddedPostgresFailure'
}

/** A failure of the operating system's gets the folder's name; ours say enough, and anything else is a fault to look into. */
export function explainFailure(error: unknown, dataDir: string): unknown {
  if (!(error instanceof Error && 'syscall' in error)) return error
  return new EmbeddedPostgresFailure(`the embedded PostgreSQL cannot use the folder ${dataDir} (${error.message})`, {
    cause: error,
  })
}
