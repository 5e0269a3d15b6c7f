import { withoutBlocked } from '../../block-list.ts'
import type { CanonicalRequest } from '../../canonical/request.ts'
import { IdentityError } from '../../errors.ts'
import type { WorkspaceRules } from './rule-book.ts'

/**
 * The requests as the workspace's rules see them; the same ones where it blocks nothing.
 * @throws IdentityError `identifier_blocked` where nothing usable remains of one
 */
export function screened(
  requests: readonly CanonicalRequest[],
  rules: WorkspaceRules | undefined,
): readonly CanonicalRequest[] {
  const blocked = rules?.policy.blocked
  return blocked ? requests.map((request) => withoutBlocked(request, blocked)) : requests
}

/** The same for one request: null where nothing usable remains. */
export function usableOf(request: CanonicalRequest, rules: WorkspaceRules | undefined): CanonicalRequest | null {
  try {
    return screened([request], rules)[0]!
  } catch (error) {
    if (error instanceof IdentityError && error.code === 'identifier_blocked') return null
    throw error
  }
}
