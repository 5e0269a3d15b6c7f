import { databaseRemedy, EmbeddedPostgresFailure } from '@identity/embedded-postgres'
import { WorkersFailure } from './cluster/workers.ts'
import type { Config } from './config.ts'

/** Why the server cannot start, and what to do about it; for a person at a terminal, so without a stack. */
export class StartFailure extends Error {
  override readonly name = 'StartFailure'
}

const REMEDIES: Readonly<Record<string, (config: Config) => string>> = {
  EADDRINUSE: ({ HOST, PORT }) =>
    `${HOST}:${PORT} is in use. Stop what listens there, or set PORT to another (0 takes any free one).`,
  EADDRNOTAVAIL: ({ HOST }) =>
    `HOST=${HOST} is no address of this machine. Set it to 127.0.0.1, or to 0.0.0.0 for all.`,
  EACCES: ({ HOST, PORT }) => `${HOST}:${PORT} is not for this user. Set PORT above 1023.`,
}

/** The failure with its remedy where it is a known one; any other as it is. */
export function explainStartFailure(error: unknown, config: Config): unknown {
  if (error instanceof EmbeddedPostgresFailure) {
    const remedy = 'Set DATA_DIR to a folder that this user may write to, or DATABASE_URL to a PostgreSQL of yours.'
    return new StartFailure(`The server cannot start: ${error.message}. ${remedy}`, { cause: error })
  }
  if (error instanceof WorkersFailure) return new StartFailure(`The server cannot start: ${error.message}.`)
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const remedy = REMEDIES[code]?.(config) ?? databaseRemedy(error)
  return remedy ? new StartFailure(`The server cannot start: ${remedy}`, { cause: error }) : error
}
