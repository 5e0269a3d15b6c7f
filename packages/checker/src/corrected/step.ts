import type { PersonView } from '@identity/core'
import { randomRequest } from '../plan.ts'
import type { Random } from '../random.ts'
import type { Asked } from './call.ts'

/** What the callers of one history have been told so far, oldest first. */
export interface Seen {
  readonly persons: PersonView[]
  /** Contacts that were deleted, and may have been restored since. */
  readonly deleted: number[]
}

/** E-mails, and as many phones, in a history: the fewer, the more often its calls meet. */
const VALUES = 3

/** Where there is nothing deleted to restore, a contact that was never deleted is: that is refused. */
export function nextAsked(random: Random, namespace: string, seen: Seen): Asked {
  const { primaryContactId, secondaryContactIds } = seen.persons.at(
    -1 - random.below(Math.min(3, seen.persons.length)),
  )!
  const ids = [primaryContactId, ...secondaryContactIds]
  const contactId = ids[random.below(ids.length)]!
  const kind = random.next()
  if (kind < 0.45) return { type: 'identify', request: randomRequest(random, namespace, VALUES) }
  if (kind < 0.7) return { type: 'split', contactIds: [contactId], keepApart: random.chance(0.3) }
  if (kind < 0.83) return { type: 'delete', contactId }
  if (kind < 0.88) return { type: 'erase', contactId }
  return { type: 'restore', contactId: seen.deleted.at(-1 - random.below(seen.deleted.length)) ?? contactId }
}
