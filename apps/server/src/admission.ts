import type { Admit } from '@identity/api'
import type { Config } from './config.ts'
import { ownNamesOnly } from './own-names.ts'
import { keyLimit } from './rate-limits.ts'
import type { Counts } from './request-counts.ts'

/** What is asked of callers once it is known who they are: of those without a key a name, of the others not to call too often. */
export function admission(config: Config, counts: Counts): Admit {
  const checkNames = ownNamesOnly(config)
  const checkLimit = keyLimit(config.RATE_LIMIT_PER_KEY, counts)
  return (principal, request, reply) => {
    if (principal.keyId === null) checkNames?.(request.headers)
    return checkLimit?.(principal, request, reply)
  }
}
