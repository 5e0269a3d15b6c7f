import type { IdentityStore, PersonView } from '@identity/core'
import { joined, valuesOf } from '../components.ts'
import { type LoggedCall, requestsOf } from './call.ts'

/** A person as the values that link it, each with its kind. */
export type Values = readonly string[]

/** The persons that any value of the calls is of now, each once. */
export async function personsNow(store: Pick<IdentityStore, 'find'>, calls: readonly LoggedCall[]): Promise<Values[]> {
  const sent = new Set(calls.flatMap(({ asked }) => requestsOf(asked).flatMap(valuesOf)))
  const found = await Promise.all([...sent].map((text) => store.find(1, { identifier: identifierOf(text) })))
  const persons = new Map(found.flatMap((person) => (person ? [[person.primaryContactId, person]] : [])))
  return [...persons.values()].map(valuesOfPerson)
}

/**
 * What the persons must be after these calls, by docs/corrections.md, "Order-independence with rules", and without any
 * rule of the core: the connected components of the persons of before, each taken as one request, and of the requests
 * accepted since, without what is blocked.
 * @param calls all since then, none of them a correction
 */
export function personsByComponents(
  before: readonly Values[],
  calls: readonly LoggedCall[],
  isBlocked: (value: string) => boolean,
): string[][] {
  const accepted = calls.flatMap(({ asked, told }) => {
    if (asked.type === 'preview' || !told || !('persons' in told)) return []
    return requestsOf(asked).filter((_, n) => told.outcomes?.[n] !== 'refused')
  })
  return joined([...before, ...accepted.map((request) => valuesOf(request).filter((value) => !isBlocked(value)))])
}

/** The same, if they are. */
export function inOrder(persons: readonly Values[]): string[][] {
  return persons.map((values) => values.toSorted()).sort((a, b) => (a[0]! < b[0]! ? -1 : 1))
}

function identifierOf(text: string) {
  const [kind, value] = text.split(/:(.*)/s)
  return { kind: kind as 'email' | 'phone', value: value! }
}

function valuesOfPerson({ emails, phoneNumbers }: PersonView): Values {
  return [...emails.map((email) => `email:${email}`), ...phoneNumbers.map((phone) => `phone:${phone}`)]
}
