import type { FastifyInstance } from 'fastify'
import { identifyRequest } from '../contract.ts'
import { parse } from '../parse.ts'
import type { IdentityOperations } from '../types.ts'

/** Far more than any request needs: an e-mail has 254 bytes at most. */
const BODY_LIMIT_BYTES = 16 * 1024

/** `POST /identify`, with and without a slash at the end: body in, person out, no more than that on the way. */
export function identifyRoute(app: FastifyInstance, service: IdentityOperations): void {
  for (const url of ['/identify', '/identify/']) {
    app.post(url, { bodyLimit: BODY_LIMIT_BYTES }, (request) => service.identify(parse(identifyRequest, request.body)))
  }
}
