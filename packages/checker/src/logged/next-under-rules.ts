import { randomRequest } from '../plan.ts'
import type { Random } from '../random.ts'
import type { LoggedAsked } from './call.ts'
import { nextMixed, type Seen } from './next-asked.ts'

/** E-mails, and as many phones. */
const VALUES = 3
const PREVIEWS = 0.3
const CORRECTIONS = 0.3
const JUNK = 0.25

/**
 * What to ask for next where rules refuse and block: requests and what they would do, and in every other history
 * corrections.
 * @param junkPhone a phone number that all histories have; null: none
 */
export function nextUnderRules(junkPhone: string | null) {
  return (random: Random, seen: Seen, namespace: string): LoggedAsked => {
    if (Number(namespace) % 2 === 1 && random.chance(CORRECTIONS)) return nextMixed(random, seen, namespace)
    const request = randomRequest(random, namespace, VALUES)
    const isJunk = junkPhone !== null && random.chance(JUNK)
    const type = random.chance(PREVIEWS) ? 'preview' : 'identify'
    return { type, request: isJunk ? { ...request, phoneNumber: junkPhone } : request }
  }
}
