/** What to do about a database that cannot be reached or used, by the system's, the driver's or PostgreSQL's code. */
const REMEDIES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Nothing listens where DATABASE_URL points. Start PostgreSQL there, or leave DATABASE_URL out.',
  ENOTFOUND: 'The host in DATABASE_URL is not known. Correct it, or leave DATABASE_URL out.',
  CONNECTION_CLOSED:
    'What listens where DATABASE_URL points closes connections as no PostgreSQL does: a proxy without one behind it, or another service. Correct the address, or start PostgreSQL there.',
  CONNECT_TIMEOUT: 'The host in DATABASE_URL does not answer. Check the address and the firewall.',
  '28P01': 'PostgreSQL refuses the password in DATABASE_URL. Correct it.',
  '28000': 'PostgreSQL refuses the user in DATABASE_URL. Correct it, or allow it in pg_hba.conf.',
  '3D000': 'The database in DATABASE_URL does not exist. Create it, or name another.',
  42501: 'The user in DATABASE_URL may not create tables. Grant it CREATE on the database and its public schema.',
}

/** The remedy for a failure, or for its cause; undefined where none is known. */
export function databaseRemedy(error: unknown): string | undefined {
  const cause = error instanceof Error ? error.cause : undefined
  for (const failure of [error, cause]) {
    const code = failure instanceof Error && 'code' in failure ? String(failure.code) : ''
    if (code in REMEDIES) return REMEDIES[code]
  }
  return undefined
}
