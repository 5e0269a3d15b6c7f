import type { Access, Principal } from '@identity/api'
import { covers, DEFAULT_WORKSPACE_ID, IdentityError } from '@identity/core'
import type { FastifyInstance } from 'fastify'
import { EXPOSITION_TYPE, exposition } from './exposition.ts'
import type { Collect } from './metrics.ts'

/** `GET /metrics` beside the service, for its operator. */
export function metricsRoute(
  app: FastifyInstance,
  { authenticate, admit }: Pick<Access, 'authenticate' | 'admit'>,
  collect: Collect,
): void {
  app.get('/metrics', async (request, reply) => {
    request.principal = await authenticate(request.headers.authorization)
    await admit?.(request.principal, request, reply)
    admitOperator(request.principal)
    return reply.type(EXPOSITION_TYPE).send(exposition(await collect()))
  })
}

/**
 * The figures are of all workspaces, which no shop may learn of another: the key must be of the workspace that every
 * installation starts with.
 * @throws IdentityError `forbidden`
 */
function admitOperator({ keyId, scope, workspaceId }: Principal): void {
  if (keyId === null || (covers(scope, 'admin') && workspaceId === DEFAULT_WORKSPACE_ID)) return
  throw new IdentityError(
    'forbidden',
    'This needs an API key of the workspace default with the scope admin. METRICS_PORT serves the same without a key.',
  )
}
