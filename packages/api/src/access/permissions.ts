import { covers, IdentityError, type KeyScope } from '@identity/core'
import type { IdentityOperations } from '../types.ts'

/** What each operation asks of whoever calls. An operation that is not here does not compile. */
const NEEDED: Readonly<Record<keyof IdentityOperations, KeyScope>> = {
  getPerson: 'read',
  preview: 'read',
  listEvents: 'read',
  followEvents: 'read',
  identify: 'identify',
  identifyMany: 'identify',
}

/** The operations as the holder of a scope has them: those it does not cover are refused, whatever the transport. */
export function permitted(operations: IdentityOperations, scope: KeyScope): IdentityOperations {
  const entries = Object.entries(NEEDED).map(([name, needed]) => {
    const operation = operations[name as keyof IdentityOperations] as (...args: never[]) => Promise<unknown>
    return [name, covers(scope, needed) ? operation.bind(operations) : async () => refuse(needed, scope)]
  })
  return Object.fromEntries(entries) as IdentityOperations
}

function refuse(needed: KeyScope, scope: KeyScope): never {
  const detail = `This needs an API key with the scope ${needed}; the one that was sent has ${scope}.`
  throw new IdentityError('forbidden', detail)
}
