/** What the holder of a key may do. Each scope includes those before it. */
export const KEY_SCOPES = ['read', 'identify', 'admin'] as const

export type KeyScope = (typeof KEY_SCOPES)[number]

/** True when the scope held is enough for what needs the other. */
export function covers(held: KeyScope, needed: KeyScope): boolean {
  return KEY_SCOPES.indexOf(held) >= KEY_SCOPES.indexOf(needed)
}

export type KeyState = 'usable' | 'expired' | 'revoked'

/** What a key that was presented turned out to be. */
export interface KeyHolder {
  /** The part of the key that is no secret. */
  readonly keyId: string
  /** The one workspace that the key leads to. */
  readonly workspaceId: number
  readonly scope: KeyScope
  readonly state: KeyState
}
