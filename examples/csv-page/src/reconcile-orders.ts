import {
  canonicalRequest,
  DEFAULT_WORKSPACE_ID,
  IdentityError,
  MemoryStore,
  type PersonView,
  type PhoneRegion,
} from '@identity/core'
import type { Orders, Refusal } from './read-orders.ts'

export interface PersonRow extends PersonView {
  /** The line of the order that made the primary contact. */
  readonly firstLine: number
}

/** What all orders of a CSV come to. */
export interface Outcome {
  /** Refused ones included. */
  readonly orders: number
  /** In the order of their first lines. */
  readonly persons: readonly PersonRow[]
  /** How often an order showed that two persons are one. */
  readonly merges: number
  /** By line. */
  readonly refused: readonly Refusal[]
}

export interface ReconcileOptions {
  defaultRegion?: PhoneRegion | undefined
  /** Awaited after each order, with how many are done: where a page draws, or throws to end it. */
  pause?: (done: number) => Promise<void> | undefined
}

/** Reconciles orders line by line, as the service would on an empty database. */
export async function reconcileOrders(orders: Orders, options: ReconcileOptions = {}): Promise<Outcome> {
  const { defaultRegion, pause } = options
  // One time for all, so that age goes by line whatever the clock does.
  const at = new Date()
  const store = new MemoryStore({ now: () => at })
  const refused = [...orders.refused]
  const firstLines = new Map<number, number>()
  let merges = 0
  for (const [index, { line, request }] of orders.lines.entries()) {
    try {
      const canonical = canonicalRequest(request, { defaultRegion })
      const [result] = await store.identify(DEFAULT_WORKSPACE_ID, [canonical])
      const { outcome, person } = result!
      if (outcome === 'created') firstLines.set(person.primaryContactId, line)
      if (outcome === 'merged') merges++
    } catch (error) {
      if (!(error instanceof IdentityError)) throw error
      refused.push({ line, problem: error.message })
    }
    await pause?.(index + 1)
  }
  return {
    orders: orders.lines.length + orders.refused.length,
    persons: await personsOf(store, firstLines),
    merges,
    refused: refused.sort((a, b) => a.line - b.line),
  }
}

async function personsOf(store: MemoryStore, firstLines: ReadonlyMap<number, number>): Promise<PersonRow[]> {
  const persons: PersonRow[] = []
  for (const { id, linkedId } of store.contacts(DEFAULT_WORKSPACE_ID)) {
    if (linkedId !== null) continue
    const person = await store.find(DEFAULT_WORKSPACE_ID, { contactId: id })
    persons.push({ ...person!, firstLine: firstLines.get(id)! })
  }
  return persons
}
