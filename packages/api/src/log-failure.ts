import type { IdentityError, IdentityErrorCode } from '@identity/core'
import type { FastifyRequest } from 'fastify'
import { TRANSPORT } from './errors.ts'

/**
 * Failures that come in crowds: while the database is away every request fails alike, and whoever tries keys tries many.
 * A line a second says it as well as thousands.
 */
const CROWDS: ReadonlySet<IdentityErrorCode> = new Set(['unavailable', 'unauthenticated', 'forbidden'])
const INTERVAL_MS = 1_000
const lately = new Map<IdentityErrorCode, { silentUntilMs: number; suppressed: number }>()

/**
 * Logs what a caller must not be told, where the failure is the service's, and who is not let in. `where` names the
 * route or procedure.
 */
export function logFailure(request: FastifyRequest, where: string, error: IdentityError): void {
  const { code } = error
  const { status } = TRANSPORT[code]
  if (status < 500 && !CROWDS.has(code)) return
  const suppressed = CROWDS.has(code) ? countSuppressed(code) : 0
  if (suppressed === undefined) return
  const about = { requestId: request.id, ...(suppressed > 0 && { suppressed }) }
  if (status >= 500) request.log.error({ ...about, err: error }, `${where} answered ${status}`)
  else {
    const keyId = request.principal?.keyId ?? undefined
    request.log.warn({ ...about, keyId }, `${where} answered ${status}: ${reasonOf(error)}`)
  }
}

/** What the caller is told of keys is made of key ids alone. Other refusals quote what came, which can be anything. */
function reasonOf({ code, message }: IdentityError): string {
  if (code === 'unauthenticated') return message
  return 'the scope of the key does not cover it, or, without keys, Host or Origin is a name that is not allowed'
}

/** How many lines were left out since the last one; undefined where this one is to be left out too. */
function countSuppressed(code: IdentityErrorCode): number | undefined {
  const last = lately.get(code)
  const nowMs = Date.now()
  if (last && nowMs < last.silentUntilMs) {
    last.suppressed++
    return undefined
  }
  lately.set(code, { silentUntilMs: nowMs + INTERVAL_MS, suppressed: 0 })
  return last?.suppressed ?? 0
}
