import { isLive } from './contact.ts'
import { type Identifier, type IdentifierCarrier, type IdentifierKind, identifiersOf } from './identifier.ts'
import type { Person } from './person.ts'

/**
 * Which of a contact's identifiers became suspect with it: those that had met as many different counterparts as the
 * threshold allows (an e-mail's are the phone numbers on contacts with it, a phone number's the e-mails) and meet one
 * more. Each is told once, as it crosses the threshold.
 * @param person with the contact among its own
 */
export function suspectsOf(person: Person, added: IdentifierCarrier & { id: number }, threshold: number): Identifier[] {
  return identifiersOf(added).filter((identifier) => {
    const met = new Set<string>()
    let latest: string | undefined
    for (const contact of person.contacts) {
      if (!isLive(contact) || !carries(contact, identifier)) continue
      const counterpart = valueOfKind(contact, identifier.kind === 'email' ? 'phone' : 'email')
      if (contact.id === added.id) latest = counterpart
      else if (counterpart !== undefined) met.add(counterpart)
    }
    return latest !== undefined && !met.has(latest) && met.size === threshold
  })
}

function carries(carrier: IdentifierCarrier, { kind, value }: Identifier): boolean {
  return valueOfKind(carrier, kind) === value
}

function valueOfKind(carrier: IdentifierCarrier, kind: IdentifierKind): string | undefined {
  return identifiersOf(carrier).find((identifier) => identifier.kind === kind)?.value
}
