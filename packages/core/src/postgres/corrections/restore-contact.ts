import { isLive } from '../../contact.ts'
import { noDeletedContact, restoration } from '../../correction.ts'
import type { Corrected } from '../../corrections.ts'
import { identifiersOf } from '../../identifier.ts'
import type { Client } from '../client.ts'
import type { Pool } from '../pool.ts'
import { LocksOutdated } from '../retry.ts'
import { type RuleSource, stillInForce } from '../rules/rule-book.ts'
import { readBridges } from '../statements/read-bridges.ts'
import { readContacts } from '../statements/read-contacts.ts'
import { type CorrectOptions, correct } from './correct.ts'
import type { CorrectionTarget } from './lock.ts'

export interface RestoreOptions extends CorrectOptions {
  /** What the workspace refuses and blocks; its separations are read. */
  readonly rules: RuleSource
}

const NO_RULES = { limits: { email: null, phone: null }, priority: 'email' } as const

/** Takes a deletion back: whoever shares a value with the contact, or is joined to it by a bridge, becomes one person. @throws IdentityError */
export function restoreOneContact(
  pool: Pool,
  workspaceId: number,
  contactId: number,
  options: RestoreOptions,
): Promise<Corrected> {
  const { rules } = options
  return correct(
    pool,
    workspaceId,
    async (client) => {
      const inForce = await rules.of(workspaceId)
      return { ...(await targetOf(client, workspaceId, contactId)), inForce }
    },
    async (held, { contactIds, inForce }) => {
      const own = held.bridges.flatMap(({ emailContactId, phoneContactId }) => [emailContactId, phoneContactId])
      const isPartner = (_: number, n: number) => own[n ^ 1] === contactId
      // It was restored, joined to another and deleted again meanwhile.
      if (!own.filter(isPartner).every((id) => contactIds.includes(id))) throw new LocksOutdated([])
      await stillInForce(rules, workspaceId, inForce)
      return restoration(held, contactId, inForce?.policy ?? NO_RULES)
    },
    options,
  )
}

/** The contact, those that bridges join it to, and its values: whose persons it may join. */
async function targetOf(client: Client, workspaceId: number, contactId: number): Promise<CorrectionTarget> {
  const [[contact], bridges] = await Promise.all([
    readContacts(client, workspaceId, [contactId]),
    readBridges(client, workspaceId, [contactId]),
  ])
  if (!contact || isLive(contact)) throw noDeletedContact(contactId)
  return {
    contactIds: [contactId, ...bridges.flatMap((bridge) => [bridge.emailContactId, bridge.phoneContactId])],
    identifiers: identifiersOf(contact),
  }
}
