import type { Client } from '../client.ts'
import { claimsInVain } from './claims.ts'

/** Takes all claims from those of the contacts that claim what does not link them. @returns from how many */
export async function dropClaims(db: Client, workspaceId: number, contactIds: readonly number[]): Promise<number> {
  const { count } = await db`
    /* identity:drop-claims */
    update contact c set claimed = null
    where workspace_id = ${workspaceId} and id = any(${[...contactIds]}::bigint[]) and ${claimsInVain(db)}`
  return count
}
