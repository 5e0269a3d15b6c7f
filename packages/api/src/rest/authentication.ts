import type { Origin } from '@identity/core'
import type { FastifyReply, FastifyRequest, preParsingHookHandler } from 'fastify'
import type { Entrance } from '../access/entrance.ts'
import type { Authenticate, Principal } from '../access/principal.ts'
import type { CallRecord, IdentityOperations } from '../types.ts'

declare module 'fastify' {
  interface FastifyRequest extends CallRecord {
    /** What whoever calls may do, once they are let in. */
    identity: IdentityOperations | undefined
    /** Who they are, for the log of events. */
    origin: Origin | undefined
    /** Who calls, once they are let in. */
    principal: Principal | undefined
    /** What a request asks for where its route does not say it: the procedure of tRPC, as a path. */
    operation: string | undefined
  }
}

/**
 * What a host may still say to someone who is known, such as that they call too often.
 * @throws IdentityError
 */
export type Admit = (principal: Principal, request: FastifyRequest, reply: FastifyReply) => void | Promise<void>

export interface Access {
  authenticate: Authenticate
  entrance: Entrance
  admit?: Admit | undefined
}

/**
 * Lets a request in, or refuses it, before its body is read. Not `onRequest`: what limits clients by their address is
 * there, and comes first, so that nobody can make the service look up keys without end.
 */
export function authentication({ authenticate, entrance, admit }: Access): preParsingHookHandler {
  function letIn(principal: Principal, request: FastifyRequest, reply: FastifyReply): void | Promise<void> {
    request.principal = principal
    request.identity = entrance(principal)
    request.origin = { actor: principal.keyId, requestId: request.id }
    return admit?.(principal, request, reply)
  }

  return (request, reply, _payload, done) => {
    // Promises only where there is something to wait for: they are not free.
    try {
      const principal = authenticate(request.headers.authorization)
      const step =
        principal instanceof Promise
          ? principal.then((known) => letIn(known, request, reply))
          : letIn(principal, request, reply)
      if (step instanceof Promise) step.then(() => done(), done)
      else done()
    } catch (error) {
      done(error as Error)
    }
  }
}
