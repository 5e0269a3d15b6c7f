import type { Bridge } from './bridge.ts'
import type { Contact } from './contact.ts'
import {
  type Correction,
  deletion,
  erasure,
  type HeldPersons,
  mergeOf,
  personsOf,
  planSplit,
  restoration,
  type SplitQuery,
  splitCorrection,
  survivorOf,
  undoCorrection,
} from './correction.ts'
import type { Corrected, CorrectionOptions, Corrections, EraseResult, SplitResult } from './corrections.ts'
import { type IdentityEvent, NO_ORIGIN, type Origin, type RecordedEvent } from './event.ts'
import { notAnEvent } from './event-cursor.ts'
import type { RestoreRules } from './restore.ts'
import type { KeptSeparation } from './rule-store.ts'
import { WorkingSet } from './working-set.ts'

/** What the in-memory store has of a workspace, as its corrections see it. */
export interface MemoryWorkspace {
  persons: WorkingSet
  bridges: Bridge[]
  separations: KeptSeparation[]
  lastSeparationId: number
  readonly events: readonly RecordedEvent[]
  /** Writes what happened at a time. */
  record(events: readonly IdentityEvent[], at: Date, origin: Origin): void
}

/** Corrections of persons in memory: of all of a workspace at once, as nothing happens beside them. */
export class MemoryCorrections implements Corrections {
  readonly #workspace: (workspaceId: number) => MemoryWorkspace
  readonly #rulesOf: (workspaceId: number) => RestoreRules
  readonly #now: () => Date

  /** @param rulesOf what a workspace refuses, but for its separations */
  constructor(
    workspace: (workspaceId: number) => MemoryWorkspace,
    rulesOf: (workspaceId: number) => RestoreRules,
    now: () => Date,
  ) {
    this.#workspace = workspace
    this.#rulesOf = rulesOf
    this.#now = now
  }

  async split(workspaceId: number, query: SplitQuery, options: CorrectionOptions = {}): Promise<SplitResult> {
    return this.#correct(workspaceId, options, (held, workspace) => {
      const plan = planSplit(held, query)
      if (!plan.separation || options.dryRun) return splitCorrection(plan, null)
      const id = ++workspace.lastSeparationId
      const { actor } = options.origin ?? NO_ORIGIN
      workspace.separations.push({ id, contactIds: pairOf(plan.separation), createdAt: held.at, actor })
      return splitCorrection(plan, id)
    })
  }

  async undo(workspaceId: number, eventId: string, options: CorrectionOptions = {}): Promise<Corrected> {
    return this.#correct(workspaceId, options, (held, { events }) => {
      const place = events.findIndex(({ id }) => id === eventId)
      if (place === -1) throw notAnEvent(eventId, 'eventId')
      const merge = mergeOf(events[place]!)
      return undoCorrection(held, survivorOf(held.persons, merge), merge, events.slice(place + 1))
    })
  }

  async deleteContact(workspaceId: number, contactId: number, options: CorrectionOptions = {}): Promise<Corrected> {
    return this.#correct(workspaceId, options, (held) => deletion(held, contactId))
  }

  async restoreContact(workspaceId: number, contactId: number, options: CorrectionOptions = {}): Promise<Corrected> {
    return this.#correct(workspaceId, options, (held) => restoration(held, contactId, this.#rulesOf(workspaceId)))
  }

  async erase(
    workspaceId: number,
    query: { readonly contactId: number; readonly reason: string | null },
    options: CorrectionOptions = {},
  ): Promise<EraseResult> {
    return this.#correct(workspaceId, options, (held) => erasure(held, query))
  }

  #correct<T>(
    workspaceId: number,
    { origin = NO_ORIGIN, dryRun = false }: CorrectionOptions,
    work: (held: HeldPersons, workspace: MemoryWorkspace) => Correction<T>,
  ): T {
    const workspace = this.#workspace(workspaceId)
    const contacts = workspace.persons.contacts()
    const { persons: set, bridges, separations } = workspace
    const at = this.#now()
    const correction = work({ persons: personsOf(contacts), set, bridges, separations, at }, workspace)
    if (dryRun) return correction.result
    const { changed = [], fallen = [], erasedIds = [], events } = correction
    const now = new Map<number, Contact>(contacts.map((contact) => [contact.id, contact]))
    for (const contact of changed) now.set(contact.id, contact)
    for (const id of erasedIds) now.delete(id)
    workspace.persons = new WorkingSet(now.values())
    workspace.bridges = bridges.filter((bridge) => !fallen.includes(bridge) && areThere(now, bridgeEnds(bridge)))
    workspace.separations = separations.filter(({ contactIds }) => areThere(now, contactIds))
    workspace.record(events, at, origin)
    return correction.result
  }
}

/** The lower id first. */
export function pairOf([one, other]: readonly [number, number]): readonly [number, number] {
  return one < other ? [one, other] : [other, one]
}

function bridgeEnds({ emailContactId, phoneContactId }: Bridge): number[] {
  return [emailContactId, phoneContactId]
}

function areThere(contacts: ReadonlyMap<number, Contact>, ids: readonly number[]): boolean {
  return ids.every((id) => contacts.has(id))
}
