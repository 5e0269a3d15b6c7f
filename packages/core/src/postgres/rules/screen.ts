import { withoutBlocked } from '../../block-list.ts'
import type { CanonicalRequest } from '../../canonical/request.ts'
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
