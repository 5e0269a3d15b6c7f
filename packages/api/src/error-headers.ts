import type { IdentityError } from '@identity/core'

/** What an error says in headers, on every transport: when to try again, and how to say who one is. */
export function errorHeaders({ code, retryAfterS }: IdentityError): Record<string, string> {
  return {
    ...(retryAfterS !== undefined && { 'retry-after': String(retryAfterS) }),
    ...(code === 'unauthenticated' && { 'www-authenticate': 'Bearer realm="identity"' }),
    ...(code === 'forbidden' && { 'www-authenticate': 'Bearer realm="identity", error="insufficient_scope"' }),
  }
}
