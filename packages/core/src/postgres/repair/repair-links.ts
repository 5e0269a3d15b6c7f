import type { Contact } from '../../contact.ts'
import type { Client } from '../client.ts'
import { LocksOutdated } from '../retry.ts'
import { agreePrecedence } from '../statements/agree-precedence.ts'
import { drawStamp } from '../statements/draw-stamp.ts'
import { lockPrimaries } from '../statements/lock-primaries.ts'
import { readContacts } from '../statements/read-contacts.ts'
import { readPersonsOfContacts } from '../statements/read-persons.ts'
import { eldestOf, gather } from './gather.ts'

/** The link says who somebody is; its precedence follows. */
export async function repairPrecedence(db: Client, workspaceId: number, ids: readonly number[]): Promise<number> {
  await lockPrimaries(db, workspaceId, ids)
  const { at } = await drawStamp(db, workspaceId, 0)
  return agreePrecedence(db, workspaceId, ids, at)
}

/** Contacts that point at one which is gone are still one person: the eldest of them takes its place. */
export async function repairDanglingLink(db: Client, workspaceId: number, [id]: readonly number[]): Promise<number> {
  const siblings = await readLocked(db, workspaceId, () => readPersonsOfContacts(db, workspaceId, [id!]))
  if (siblings.length === 0 || siblings.some(({ id, linkedId }) => linkedId === null || linkedId === id)) return 0
  const goneId = siblings[0]!.linkedId!
  if ((await readContacts(db, workspaceId, [goneId])).length > 0) return 0
  await gather(db, workspaceId, siblings, eldestOf(siblings))
  return siblings.length
}

/** Everyone on the way from a contact to its primary points straight there; where the way is a circle, at its eldest. */
export async function repairChain(db: Client, workspaceId: number, [id]: readonly number[]): Promise<number> {
  const chain = await readLocked(db, workspaceId, () => readChain(db, workspaceId, id!))
  const last = chain.at(-1)
  if (!last) return 0
  const circleAt = chain.findIndex((contact) => contact.id === last.linkedId)
  // One that ends nowhere is not for this repair, and one that is straight by now needs none.
  if (last.linkedId === null ? chain.length <= 2 : circleAt < 0) return 0
  await gather(db, workspaceId, chain, last.linkedId === null ? last : eldestOf(chain.slice(circleAt)))
  return 1
}

async function readChain(db: Client, workspaceId: number, id: number): Promise<Contact[]> {
  const chain: Contact[] = []
  for (let next: number | null = id; next !== null && !chain.some((contact) => contact.id === next); ) {
    const [contact] = await readContacts(db, workspaceId, [next])
    if (!contact) break
    chain.push(contact)
    next = contact.linkedId
  }
  return chain
}

/** Reads, locks what was read, and reads again. @throws LocksOutdated where it came to others meanwhile */
async function readLocked(db: Client, workspaceId: number, read: () => Promise<Contact[]>): Promise<Contact[]> {
  const before = new Set((await read()).map(({ id }) => id))
  await lockPrimaries(db, workspaceId, [...before])
  const contacts = await read()
  if (!contacts.every(({ id }) => before.has(id))) throw new LocksOutdated(contacts.map(({ id }) => id))
  return contacts
}
