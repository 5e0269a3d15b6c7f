import { erasure, noContact, personWith } from '../../correction.ts'
import type { EraseResult } from '../../corrections.ts'
import { identifiersOf } from '../../identifier.ts'
import type { Client } from '../client.ts'
import type { Pool } from '../pool.ts'
import { LocksOutdated } from '../retry.ts'
import { findReleased } from '../statements/find-released.ts'
import { readPersonsOfContacts } from '../statements/read-persons.ts'
import { type CorrectOptions, correct } from './correct.ts'
import type { CorrectionTarget } from './lock.ts'

/** Takes a person away for good, and its values off whatever else holds them. @throws IdentityError */
export function erasePerson(
  pool: Pool,
  workspaceId: number,
  query: { readonly contactId: number; readonly reason: string | null },
  options: CorrectOptions,
): Promise<EraseResult> {
  return correct(
    pool,
    workspaceId,
    (client) => targetOf(client, workspaceId, query.contactId),
    async (held) => {
      const correction = erasure(held, query)
      const copies = await findReleased(held.client, workspaceId, correction.identifiers)
      // A split of another person has released a value on a contact of theirs meanwhile.
      if (!copies.every((id) => personWith(held.persons, id))) throw new LocksOutdated([])
      return correction
    },
    options,
  )
}

/** The person, those on whose contacts a value of its is released, and those who have a value of its deleted contacts by now. */
async function targetOf(client: Client, workspaceId: number, contactId: number): Promise<CorrectionTarget> {
  const contacts = await readPersonsOfContacts(client, workspaceId, [contactId])
  if (contacts.length === 0) throw noContact(contactId)
  const identifiers = contacts.flatMap(identifiersOf)
  return { contactIds: [contactId, ...(await findReleased(client, workspaceId, identifiers))], identifiers }
}
