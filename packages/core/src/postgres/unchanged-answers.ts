import { identifiersOf } from '../identifier.ts'
import { type Person, type PersonView, viewOf } from '../person.ts'
import { unchangedPerson } from '../reconcile.ts'
import type { IdentifyResult } from '../store.ts'
import type { WorkingSet } from '../working-set.ts'
import type { IdentifyJob } from './identify-job.ts'

/** One view a person, however many requests of a batch ask about it: to make one of a thousand contacts takes a while. */
export class Views {
  readonly #made = new Map<Person, PersonView>()

  of(person: Person): PersonView {
    if (person.contacts.length === 1) return viewOf(person)
    const made = this.#made.get(person)
    if (made) return made
    const view = viewOf(person)
    this.#made.set(person, view)
    return view
  }
}

/** The answers of a call that changes nothing; null where one of its requests would. */
export function answersWithoutChange(
  persons: WorkingSet,
  { usable, identifiers }: Pick<IdentifyJob, 'usable' | 'identifiers'>,
  views: Views,
): IdentifyResult[] | null {
  const found = usable.map((request) =>
    unchangedPerson(persons.find, usable.length === 1 ? identifiers : identifiersOf(request)),
  )
  if (!found.every((person) => person !== undefined)) return null
  return found.map((person) => ({ outcome: 'existing', person: views.of(person) }))
}
