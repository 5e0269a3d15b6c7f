import type { Admit } from '@identity/api'
import { IdentityError } from '@identity/core'
import type { FastifyReply } from 'fastify'
import type { Count, Counts } from './request-counts.ts'

/** Limits each key, wherever its calls come from; undefined where there is no limit. */
export function keyLimit(max: number, counts: Counts): Admit | undefined {
  if (max === 0) return undefined
  return ({ keyId }, _request, reply) => {
    if (keyId === null) return
    const check = (count: Count) => checkCount(count, max, reply)
    const count = counts.increment(`key ${keyId}`)
    return count instanceof Promise ? count.then(check) : check(count)
  }
}

/** @throws IdentityError `rate_limited` */
function checkCount({ current, ttl }: Count, max: number, reply: FastifyReply): void {
  // The names of draft-ietf-httpapi-ratelimit-headers-06, as the limit on clients gives them.
  reply.headers({
    'ratelimit-limit': max,
    'ratelimit-remaining': Math.max(0, max - current),
    'ratelimit-reset': Math.ceil(ttl / 1000),
  })
  if (current > max) throw rateLimited(max, ttl, 'with this API key')
}

/** @param who whose limit it is */
export function rateLimited(max: number, ttlMs: number, who: string): IdentityError {
  const retryAfterS = Math.ceil(ttlMs / 1000)
  const detail = `More than ${max} requests in a minute ${who}. Wait ${retryAfterS} s.`
  return new IdentityError('rate_limited', detail, { retryAfterS })
}
