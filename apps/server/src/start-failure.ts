import { EmbeddedPostgresFailure } from '@identity/embedded-postgres'
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
  ECONNREFUSED: () => 'Nothing listens where DATABASE_URL points. Start PostgreSQL there, or leave DATABASE_URL out.',
  ENOTFOUND: () => 'The host in DATABASE_URL is not known. Correct it, or leave DATABASE_URL out.',
  CONNECT_TIMEOUT: () => 'The host in DATABASE_URL does not answer. Check the address and the firewall.',
  '28P01': () => 'PostgreSQL refuses the password in DATABASE_URL. Correct it.',
  '28000': () => 'PostgreSQL refuses the user in DATABASE_URL. Correct it, or allow it in pg_hba.conf.',
  '3D000': () => 'The database in DATABASE_URL does not exist. Create it, or name another.',
  42501: () => 'The user in DATABASE_URL may not create tables. Grant it CREATE on the database and its public schema.',
}

/** The failure with its remedy where it is a known one; any other as it is. */
export function explainStartFailure(error: unknown, config: Config): unknown {
  if (error instanceof EmbeddedPostgresFailure) {
    const remedy = 'Set DATA_DIR to a folder that this user may write to, or DATABASE_URL to a PostgreSQL of yours.'
    return new StartFailure(`The server cannot start: ${error.message}. ${remedy}`, { cause: error })
  }
  if (error instanceof WorkersFailure) return new StartFailure(`The server cannot start: ${error.message}.`)
  const cause = error instanceof Error && 'cause' in error && error.cause instanceof Error ? error.cause : undefined
  for (const failure of [error, cause]) {
    const code = failure instanceof Error && 'code' in failure ? String(failure.code) : ''
    const remedy = REMEDIES[code]
    if (remedy) return new StartFailure(`The server cannot start: ${remedy(config)}`, { cause: error })
  }
  return error
}
