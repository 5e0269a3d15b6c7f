import { and, asc, eq, inArray, isNull, ne, or, sql } from 'drizzle-orm'
import type { NodePgDatabase } from 'drizzle-orm/node-postgres'
import { contact } from './schema.ts'

export interface PeerRequest {
  email: string | null
  phoneNumber: string | null
}

type Contact = typeof contact.$inferSelect
type Transaction = Parameters<Parameters<NodePgDatabase['transaction']>[0]>[0]

/** Persons were joined between two reads; the transaction must start over. */
export class Outdated extends Error {}

/**
 * identify as most teams would write it with an ORM: one transaction a request. It is right under concurrency:
 * - a known customer is answered from one read, which is one snapshot;
 * - whoever brings a new value holds its advisory lock, so that two first orders of a customer take turns;
 * - whoever adds to persons or joins them holds their primaries' rows.
 */
export async function identify(db: NodePgDatabase, request: PeerRequest) {
  return db.transaction(async (tx) => {
    const seen = await readPersons(tx, request)
    if (isKnown(seen, request)) return answerOf(seen)

    await lockValues(tx, request)
    const primaryIds = await lockPrimaries(tx, await readPersons(tx, request))
    const contacts = await readPersons(tx, request)
    const [oldest, ...others] = contacts.filter((row) => row.linkedId === null)
    if ([oldest, ...others].some((row) => row && !primaryIds.includes(row.id))) throw new Outdated()

    const now = new Date()
    if (oldest && others.length > 0) await join(tx, contacts, oldest.id, now)
    const joined = contacts.map((row) => (row === oldest ? row : { ...row, linkedId: oldest!.id }))
    if (hasAll(joined, request)) return answerOf(joined)
    const added = await tx
      .insert(contact)
      .values({ ...request, linkedId: oldest?.id ?? null, linkPrecedence: oldest ? 'secondary' : 'primary' })
      .returning()
    return answerOf([...joined, ...added])
  })
}

/** All contacts of all persons who carry one of the values, by age. */
function readPersons(tx: Transaction, { email, phoneNumber }: PeerRequest): Promise<Contact[]> {
  const carriesValue = or(
    email === null ? undefined : eq(contact.email, email),
    phoneNumber === null ? undefined : eq(contact.phoneNumber, phoneNumber),
  )
  const primaryIds = tx
    .select({ id: sql<number>`coalesce(${contact.linkedId}, ${contact.id})` })
    .from(contact)
    .where(and(carriesValue, isNull(contact.deletedAt)))
  const ofPersons = sql`array(${primaryIds})`
  return tx
    .select()
    .from(contact)
    .where(
      and(
        sql`(${contact.id} = any(${ofPersons}) or ${contact.linkedId} = any(${ofPersons}))`,
        isNull(contact.deletedAt),
      ),
    )
    .orderBy(asc(contact.createdAt), asc(contact.id))
}

/** In one order for all, so that no two wait for each other. */
async function lockValues(tx: Transaction, { email, phoneNumber }: PeerRequest): Promise<void> {
  const keys = sql`select distinct hashtextextended(value, 0) as key from (values (${email}), (${phoneNumber})) as given (value) where value is not null order by key`
  await tx.execute(sql`select pg_advisory_xact_lock(key) from (${keys}) as keys`)
}

async function lockPrimaries(tx: Transaction, contacts: readonly Contact[]): Promise<number[]> {
  const ids = contacts.filter((row) => row.linkedId === null).map((row) => row.id)
  if (ids.length === 0) return []
  const locked = await tx
    .select({ id: contact.id })
    .from(contact)
    .where(inArray(contact.id, ids))
    .orderBy(asc(contact.id))
    .for('no key update')
  return locked.map((row) => row.id)
}

async function join(tx: Transaction, contacts: readonly Contact[], primaryId: number, now: Date): Promise<void> {
  const moved = contacts.filter((row) => row.id !== primaryId && row.linkedId !== primaryId).map((row) => row.id)
  await tx
    .update(contact)
    .set({ linkedId: primaryId, linkPrecedence: 'secondary', updatedAt: now })
    .where(and(inArray(contact.id, moved), ne(contact.id, primaryId)))
  await tx.update(contact).set({ updatedAt: now }).where(eq(contact.id, primaryId))
}

function isKnown(contacts: readonly Contact[], request: PeerRequest): boolean {
  const primaryCount = contacts.filter((row) => row.linkedId === null).length
  return primaryCount === 1 && hasAll(contacts, request)
}

function hasAll(contacts: readonly Contact[], { email, phoneNumber }: PeerRequest): boolean {
  return (
    (email === null || contacts.some((row) => row.email === email)) &&
    (phoneNumber === null || contacts.some((row) => row.phoneNumber === phoneNumber))
  )
}

/** @param contacts of one person, by age but for the primary's place */
function answerOf(contacts: readonly Contact[]) {
  const primary = contacts.find((row) => row.linkedId === null)!
  const secondaries = contacts.filter((row) => row !== primary)
  const all = [primary, ...secondaries]
  return {
    contact: {
      primaryContactId: primary.id,
      emails: [...new Set(all.map((row) => row.email).filter((value) => value !== null))],
      phoneNumbers: [...new Set(all.map((row) => row.phoneNumber).filter((value) => value !== null))],
      secondaryContactIds: secondaries.map((row) => row.id),
    },
  }
}
