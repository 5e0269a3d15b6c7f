import { IdentityError } from '@identity/core'
import type { FastifyRequest } from 'fastify'
import { type Logger, pino } from 'pino'
import type { Config } from './config.ts'

type LoggerConfig = Pick<Config, 'LOG_LEVEL' | 'SERVER_PROCESSES'>

/**
 * The log holds no personal data. Requests are logged by method and route: a query string can carry an e-mail. Errors
 * are logged by code and place: a message or a detail of PostgreSQL's can carry the row.
 */
export function createLogger({ LOG_LEVEL, SERVER_PROCESSES }: LoggerConfig): Logger {
  return pino({
    level: LOG_LEVEL,
    // Several processes write to one log.
    base: SERVER_PROCESSES > 1 ? { pid: process.pid } : null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: {
      req: (request: FastifyRequest) => ({ id: request.id, method: request.method, route: request.routeOptions?.url }),
      err: describeError,
    },
  })
}

const SAFE_FIELDS = ['code', 'syscall', 'severity', 'constraint_name', 'table_name', 'column_name', 'routine'] as const

function describeError(error: unknown): unknown {
  if (typeof error !== 'object' || error === null) return { type: typeof error }
  const description: Record<string, unknown> = { type: error.constructor.name }
  for (const field of SAFE_FIELDS) if (field in error) description[field] = (error as Record<string, unknown>)[field]
  if ('cause' in error && error.cause !== undefined) description.cause = describeError(error.cause)
  // A failure of our own code: where it happened, without its message, which might quote a value.
  if (!(error instanceof IdentityError) && error instanceof Error) description.at = stackFrames(error)
  return description
}

function stackFrames(error: Error): string[] {
  const frames = error.stack?.split('\n').filter((line) => line.startsWith('    at ')) ?? []
  return frames.slice(0, 8).map((line) => line.trim())
}
