import { personsOf, personWith } from './correction.ts'
import type { RecordedEvent } from './event.ts'
import type { ExplainEnd, Explanation } from './explain.ts'
import { explainEnds, historyOf, personAsOf, type Records } from './inquire.ts'
import type { Inquiries, PastPerson } from './inquiries.ts'
import type { MemoryWorkspace } from './memory-corrections.ts'
import type { EventQuery } from './store.ts'
import { addedContactId, subjectsOf } from './subjects.ts'

/** Questions about persons in memory. */
export class MemoryInquiries implements Inquiries {
  readonly #workspace: (workspaceId: number) => MemoryWorkspace

  constructor(workspace: (workspaceId: number) => MemoryWorkspace) {
    this.#workspace = workspace
  }

  explain(workspaceId: number, from: ExplainEnd, to: ExplainEnd): Promise<Explanation> {
    return explainEnds(recordsOf(this.#workspace(workspaceId)), from, to)
  }

  history(workspaceId: number, contactId: number, query: EventQuery): Promise<RecordedEvent[]> {
    return historyOf(recordsOf(this.#workspace(workspaceId)), contactId, query)
  }

  asOf(workspaceId: number, contactId: number, at: Date): Promise<PastPerson> {
    return personAsOf(recordsOf(this.#workspace(workspaceId)), contactId, at)
  }
}

function recordsOf({ persons, bridges, events }: MemoryWorkspace): Records {
  const all = personsOf(persons.contacts())
  return {
    contactsOf: async (contactIds) => {
      const found = contactIds.map((id) => personWith(all, id)).filter((person) => person !== undefined)
      return [...new Set(found)].flatMap(({ contacts }) => contacts)
    },
    contactsWith: async (identifier) => persons.find(identifier)?.contacts ?? [],
    bridgesOf: async () => bridges,
    eventsAbout: async (contactIds) => {
      const about = new Set(contactIds)
      return events.filter((event) =>
        [addedContactId(event) ?? Number.NaN, ...subjectsOf(event)].some((id) => about.has(id)),
      )
    },
    logBeginsAt: async () => (events[0] ? new Date(events[0].at) : null),
  }
}
