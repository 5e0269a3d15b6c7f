import { isPhoneRegion, type PhoneRegion } from '@identity/core'
import { UsageError } from './failure.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** The same variables that the server reads; an empty one counts as left out. */
export interface Settings {
  readonly databaseUrl: string | undefined
  readonly dataDir: string
}

/** @throws UsageError where DATABASE_URL is no address of a PostgreSQL */
export function readSettings(env: Environment): Settings {
  const databaseUrl = env.DATABASE_URL?.trim() || undefined
  if (databaseUrl && !/^postgres(ql)?:\/\//.test(databaseUrl)) {
    // Not shown: it holds a password.
    throw new UsageError('DATABASE_URL must look like postgres://user:password@host:5432/database.')
  }
  return { databaseUrl, dataDir: env.DATA_DIR?.trim() || '.data' }
}

/** @throws UsageError where the region is unknown */
export function readRegion(region: string | undefined): PhoneRegion | undefined {
  if (!region?.trim()) return undefined
  const code = region.trim().toUpperCase()
  if (isPhoneRegion(code)) return code
  throw new UsageError(`The region must be an ISO 3166 code such as IN, US or GB; found ${JSON.stringify(region)}.`)
}

/** The value of `--patience`. @throws UsageError where it is no such number */
export function readSeconds(text: string): number {
  const seconds = Number(text)
  if (text.trim() !== '' && seconds >= 1 && seconds <= 86_400) return seconds
  throw new UsageError(`--patience must be a number of seconds from 1 to 86400; found ${JSON.stringify(text)}.`)
}
