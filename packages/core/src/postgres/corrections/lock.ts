import { type HeldPersons, personsOf } from '../../correction.ts'
import type { Identifier } from '../../identifier.ts'
import { WorkingSet } from '../../working-set.ts'
import type { Client } from '../client.ts'
import { LocksOutdated } from '../retry.ts'
import { drawStamp } from '../statements/draw-stamp.ts'
import { lockPersonsOfContacts } from '../statements/lock-persons-of-contacts.ts'
import { readBridges } from '../statements/read-bridges.ts'
import { readOwners } from '../statements/read-owners.ts'
import { readPersonsOfContacts } from '../statements/read-persons.ts'
import { readSeparations } from '../statements/read-separations.ts'

/** Whose persons a correction is about. */
export interface CorrectionTarget {
  readonly contactIds: readonly number[]
  /** Values whose owners it is about as well. @default none */
  readonly identifiers?: readonly Identifier[]
}

/** Persons as they are while a transaction holds their locks: nobody else changes any of it. */
export interface LockedPersons extends HeldPersons {
  /** The transaction's connection, and its id. */
  readonly client: Client
  readonly transactionId: string
}

/** Locks persons as identify does and reads them whole. @throws LocksOutdated where they were merged or split meanwhile */
export async function lockTarget(
  client: Client,
  workspaceId: number,
  { contactIds, identifiers = [] }: CorrectionTarget,
): Promise<LockedPersons> {
  const ids = [...contactIds, ...(identifiers.length > 0 ? await readOwners(client, workspaceId, identifiers) : [])]
  const locked = new Set(await lockPersonsOfContacts(client, workspaceId, ids))
  const [contacts, owners, { at, transactionId }] = await Promise.all([
    readPersonsOfContacts(client, workspaceId, ids),
    identifiers.length > 0 ? readOwners(client, workspaceId, identifiers) : [],
    drawStamp(client, workspaceId, 0),
  ])
  const persons = personsOf(contacts)
  const known = new Set(contacts.map(({ id }) => id))
  if (persons.some(({ root }) => !locked.has(root.id)) || owners.some((id) => !known.has(id))) {
    throw new LocksOutdated(persons.map(({ root }) => root.id))
  }
  const [bridges, separations] = await Promise.all([
    readBridges(client, workspaceId, [...known]),
    readSeparations(client, workspaceId, [...known]),
  ])
  return { client, persons, set: new WorkingSet(contacts), bridges, separations, at, transactionId }
}
