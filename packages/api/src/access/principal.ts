import { DEFAULT_WORKSPACE_ID, type KeyScope } from '@identity/core'

/** Whoever calls: what a transport knows of them once they are let in. */
export interface Principal {
  readonly workspaceId: number
  readonly scope: KeyScope
  /** The key that they came with; null where the service is open. */
  readonly keyId: string | null
}

/**
 * Says who calls, from the value of `Authorization`. Every transport asks it first, before it reads a body.
 * @throws IdentityError `unauthenticated`, or `unavailable` where the keys cannot be read
 */
export type Authenticate = (authorization: string | undefined) => Principal | Promise<Principal>

/** While no key exists: all may do everything, in the workspace that every installation starts with. */
export const ANYONE: Principal = { workspaceId: DEFAULT_WORKSPACE_ID, scope: 'admin', keyId: null }
