import { type Identifier, valuesOfKind } from '../../identifier.ts'
import type { Client } from '../client.ts'

/** The contacts on which one of the values is released. */
export async function findReleased(
  db: Client,
  workspaceId: number,
  identifiers: readonly Identifier[],
): Promise<number[]> {
  const rows = await db<Array<{ id: number }>>`
    /* identity:find-released */
    select id from contact
    where workspace_id = ${workspaceId} and email = any(${valuesOfKind(identifiers, 'email')}::text[])
      and released in ('email', 'both')
    union
    select id from contact
    where workspace_id = ${workspaceId} and phone_number = any(${valuesOfKind(identifiers, 'phone')}::text[])
      and released in ('phone', 'both')`
  return rows.map(({ id }) => id)
}
