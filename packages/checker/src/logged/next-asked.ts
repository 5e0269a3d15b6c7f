import type { PersonView } from '@identity/core'
import type { OracleRequest } from '../oracle.ts'
import { randomRequest } from '../plan.ts'
import type { Random } from '../random.ts'
import type { LoggedAsked } from './call.ts'

/** What the callers of a history have been told so far, oldest first. */
export interface Seen {
  readonly persons: PersonView[]
  /** Contacts that were deleted, and may have been restored since. */
  readonly deleted: number[]
  /** Events of merges. */
  readonly merges: string[]
}

/** E-mails, and as many phones: the fewer, the more often calls meet. */
const VALUES = 3
/** Persons that are asked about are among so many that were told of last. */
const LAST = 4
/** How often a merge is taken back, beside the undos of a simulation. */
const UNDOS = 0.2

/** What to ask for next, about persons that somebody has been told of. */
export function nextAsked(random: Random, seen: Seen, namespace = '1'): LoggedAsked {
  const kind = random.next()
  const person = lastOf(random, seen.persons)
  if (kind < 0.4 || !person) return { type: 'identify', request: randomRequest(random, namespace, VALUES) }
  const contactId = someId(random, person)
  if (kind < 0.58) return { type: 'split', contactIds: [contactId], keepApart: random.chance(0.3) }
  if (kind < 0.7) return { type: 'delete', contactId }
  if (kind < 0.74) return { type: 'erase', contactId }
  if (kind < 0.82) return { type: 'restore', contactId: lastOf(random, seen.deleted) ?? contactId }
  const eventId = lastOf(random, seen.merges)
  if (kind < 0.88 && eventId !== undefined) return { type: 'undo', eventId }
  const otherId = someId(random, lastOf(random, seen.persons)!)
  // Of one contact twice, it is refused before anything is read.
  if (otherId === contactId) return { type: 'delete', contactId }
  return { type: 'separate', contactIds: [contactId, otherId] }
}

/**
 * The same with more undos than a simulation needs, which has more histories, with several requests in a call, and with
 * orders that were placed before.
 */
export function nextMixed(random: Random, seen: Seen, namespace: string): LoggedAsked {
  const undo = nextUndo(random, seen)
  if (undo) return undo
  const dated = () => datedRequest(random, namespace)
  if (random.chance(0.1)) return { type: 'identifyMany', requests: Array.from({ length: 2 + random.below(2) }, dated) }
  return random.chance(0.1) ? { type: 'identify', request: dated() } : nextAsked(random, seen, namespace)
}

/** The same as far as a server is asked for it in one call, and previews. */
export function nextOverHttp(random: Random, seen: Seen, namespace: string): LoggedAsked {
  const undo = nextUndo(random, seen)
  if (undo) return undo
  const request = randomRequest(random, namespace, VALUES)
  return random.chance(0.1) ? { type: 'preview', request } : nextAsked(random, seen, namespace)
}

function nextUndo(random: Random, { merges }: Seen): LoggedAsked | null {
  const eventId = random.chance(UNDOS) ? lastOf(random, merges) : undefined
  return eventId === undefined ? null : { type: 'undo', eventId }
}

/** One in two is of one of three days long ago. */
function datedRequest(random: Random, namespace: string): OracleRequest {
  const request = randomRequest(random, namespace, VALUES)
  return random.chance(0.5) ? request : { ...request, createdAt: new Date(Date.UTC(2020, 0, 1 + random.below(3))) }
}

function lastOf<T>(random: Random, all: readonly T[]): T | undefined {
  return all.at(-1 - random.below(Math.min(LAST, all.length)))
}

function someId(random: Random, { primaryContactId, secondaryContactIds }: PersonView): number {
  const ids = [primaryContactId, ...secondaryContactIds]
  return ids[random.below(ids.length)]!
}
