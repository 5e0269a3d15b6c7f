import { KEY_SCOPES, type KeyScope } from '@identity/core'
import { IdentityService, type IdentityServiceOptions } from '../identity-service.ts'
import type { IdentityOperations } from '../types.ts'
import { permitted } from './permissions.ts'
import type { Principal } from './principal.ts'

/** Gives each principal their operations: of one workspace, and no more than their scope allows. */
export type Entrance = (principal: Principal) => IdentityOperations

/** All workspaces behind one store. */
export function entrance(options: Omit<IdentityServiceOptions, 'workspaceId'>): Entrance {
  const workspaces = new Map<number, Readonly<Record<KeyScope, IdentityOperations>>>()
  return ({ workspaceId, scope }) => {
    const known = workspaces.get(workspaceId)
    if (known) return known[scope]
    const service = new IdentityService({ ...options, workspaceId })
    const made = Object.fromEntries(KEY_SCOPES.map((each) => [each, permitted(service, each)]))
    workspaces.set(workspaceId, made as Record<KeyScope, IdentityOperations>)
    return made[scope]!
  }
}
