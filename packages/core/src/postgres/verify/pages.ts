import { BlockList } from '../../block-list.ts'
import { canonicalEmail } from '../../canonical/email.ts'
import { canonicalPhone } from '../../canonical/phone.ts'
import { componentsOnRecord } from '../../components.ts'
import { compareAge } from '../../contact.ts'
import { groupBy } from '../../group-by.ts'
import { type Identifier, identifiersOf } from '../../identifier.ts'
import type { Client } from '../client.ts'
import { CONTACT_CHECKS, checkContacts } from '../statements/check-contacts.ts'
import { readBridges } from '../statements/read-bridges.ts'
import { type ContactValues, readContactPage } from '../statements/read-contact-page.ts'
import { readPersonsOfContacts } from '../statements/read-persons.ts'
import { readBlockRules, valueRulesOf } from '../statements/read-policy.ts'
import { readRootPage } from '../statements/read-root-page.ts'
import type { InvariantName } from './invariants.ts'

/** Before every id, also those that were given by hand. */
export const BEFORE_ALL_IDS = Number.MIN_SAFE_INTEGER

/** What one page of rows came to. */
export interface CheckedPage {
  readonly rows: number
  /** The contacts that break each invariant; those that none breaks may be left out. */
  readonly breaches: ReadonlyArray<readonly [InvariantName, readonly number[]]>
}

/** Checks every contact of a workspace, page by page: by itself, and once more by persons. */
export async function* checkedPages(db: Client, workspaceId: number, pageSize: number): AsyncGenerator<CheckedPage> {
  yield* contactPages(db, workspaceId, pageSize)
  yield* personPages(db, workspaceId, pageSize)
}

async function* contactPages(db: Client, workspaceId: number, limit: number): AsyncGenerator<CheckedPage> {
  const applied = (await readBlockRules(db, workspaceId)).filter(({ appliedUpTo }) => appliedUpTo === null)
  const { isBlocked } = new BlockList(applied.flatMap(valueRulesOf))
  for (let afterId = BEFORE_ALL_IDS; ; ) {
    const page = { workspaceId, afterId, limit }
    const [contacts, ...found] = await Promise.all([
      readContactPage(db, page),
      ...CONTACT_CHECKS.map(async (check) => [check, await checkContacts(db, check, page)] as const),
    ])
    if (contacts.length === 0) return
    afterId = contacts.at(-1)!.id
    const uncanonical = contacts.filter((contact) => !isCanonical(contact)).map(({ id }) => id)
    const blocked = contacts.filter((contact) => claimedBy(contact).some(isBlocked)).map(({ id }) => id)
    yield {
      rows: contacts.length,
      breaches: [...found, ['blocked-values', blocked], ['canonical-values', uncanonical]],
    }
  }
}

function claimedBy({ email, phoneNumber, claimed }: ContactValues): Identifier[] {
  if (claimed === null) return []
  return identifiersOf({
    email: claimed === 'phone' ? null : email,
    phoneNumber: claimed === 'email' ? null : phoneNumber,
  })
}

/** Without a region: with any, what it leaves as it is is canonical, too. */
function isCanonical({ email, phoneNumber, isDeleted }: ContactValues): boolean {
  return isDeleted || (isFixed(email, canonicalEmail(email)) && isFixed(phoneNumber, canonicalPhone(phoneNumber)))
}

function isFixed(value: string | null, canonical: ReturnType<typeof canonicalEmail>): boolean {
  return 'value' in canonical && canonical.value === value
}

/** The only check that needs whole persons: as many as a page has are in memory. */
async function* personPages(db: Client, workspaceId: number, limit: number): AsyncGenerator<CheckedPage> {
  for (let afterId = BEFORE_ALL_IDS; ; ) {
    const rootIds = await readRootPage(db, workspaceId, afterId, limit)
    if (rootIds.length === 0) return
    afterId = rootIds.at(-1)!
    const contacts = await readPersonsOfContacts(db, workspaceId, rootIds)
    const bridges = await readBridges(
      db,
      workspaceId,
      contacts.map(({ id }) => id),
    )
    const byPerson = groupBy(contacts, (contact) => contact.linkedId ?? contact.id)
    const rootIdOf = new Map(contacts.map(({ id, linkedId }) => [id, linkedId ?? id]))
    const bridgesOf = groupBy(bridges, ({ emailContactId }) => rootIdOf.get(emailContactId))
    const apart = rootIds.filter(
      (rootId) =>
        componentsOnRecord((byPerson.get(rootId) ?? []).toSorted(compareAge), bridgesOf.get(rootId) ?? []).length > 1,
    )
    yield { rows: contacts.length, breaches: [['joined-by-values', apart]] }
  }
}
