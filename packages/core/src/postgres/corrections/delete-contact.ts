import { deletion } from '../../correction.ts'
import type { Corrected } from '../../corrections.ts'
import type { Pool } from '../pool.ts'
import { type CorrectOptions, correct } from './correct.ts'

/** Takes a contact out of matching and answers; its person comes to what is still joined without it. @throws IdentityError */
export function deleteOneContact(
  pool: Pool,
  workspaceId: number,
  contactId: number,
  options: CorrectOptions,
): Promise<Corrected> {
  const target = { contactIds: [contactId] }
  return correct(
    pool,
    workspaceId,
    () => target,
    (held) => deletion(held, contactId),
    options,
  )
}
