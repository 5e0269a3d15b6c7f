import { IdentityError } from '@identity/core'
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify'
import { sendProblem } from './problem.ts'

const METHODS: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']

/** Answers 405 with Allow where the path exists for another method, else 404. */
export function sendNotFound(app: FastifyInstance, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const path = request.url.split('?', 1)[0]!
  const allowed = METHODS.filter((method) => app.findRoute({ method, url: path }) !== null)
  if (allowed.length === 0 || allowed.includes(request.method as HTTPMethods)) {
    const detail = 'There is nothing at this path. GET /openapi.json lists the paths there are.'
    return sendProblem(request, reply, new IdentityError('not_found', detail))
  }
  reply.header('allow', allowed.join(', '))
  const detail = `This path does not take ${request.method}. Use ${allowed.join(' or ')}.`
  return sendProblem(request, reply, new IdentityError('method_not_allowed', detail))
}
