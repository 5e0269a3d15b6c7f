import type { IdentityError } from '@identity/core'
import type { FastifyRequest } from 'fastify'
import { TRANSPORT } from './errors.ts'

/** While the database is away every request fails alike: a line a second says it as well as thousands. */
const UNAVAILABLE_LOG_INTERVAL_MS = 1_000
let silentUntilMs = 0

/** Logs what a caller must not be told, where the failure is the service's. `where` names the route or procedure. */
export function logFailure(request: FastifyRequest, where: string, error: IdentityError): void {
  const { status } = TRANSPORT[error.code]
  if (status < 500) return
  if (error.code === 'unavailable') {
    if (Date.now() < silentUntilMs) return
    silentUntilMs = Date.now() + UNAVAILABLE_LOG_INTERVAL_MS
  }
  request.log.error({ requestId: request.id, err: error }, `${where} answered ${status}`)
}
