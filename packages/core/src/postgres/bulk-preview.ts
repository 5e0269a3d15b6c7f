import type { CanonicalRequest } from '../canonical/request.ts'
import { identifiersOf } from '../identifier.ts'
import { primaryOf } from '../person.ts'
import type { Outcome, Reconciliation } from '../reconcile.ts'
import type { RefusalReason } from '../refusal.ts'
import { WorkingSet } from '../working-set.ts'
import type { OutcomeCounts } from './bulk-identify.ts'
import type { Client } from './client.ts'
import { reconcileRules } from './rules/reconcile-rules.ts'
import { readRules } from './rules/rule-book.ts'
import { usableOf } from './rules/screen.ts'
import { readPersons } from './statements/read-persons.ts'

/** Later than any real contact: contacts to be sort last, in their own order. */
const FIRST_ID_TO_BE = 2 ** 52

/** What would become of one of many requests. */
export interface ForeseenRequest {
  readonly outcome: Outcome
  /** The person's primary contact; null where that is none of now. */
  readonly personId: number | null
  /** Where it is none of now: the place, from 0, of the request that would make it. */
  readonly madeBy: number | null
  /** Contacts of now that would come to point at another primary. */
  readonly movedContactIds: readonly number[]
  /** Which rule refuses it; `blocked`: nothing usable is left of it. */
  readonly refusal: RefusalReason | 'blocked' | null
}

/**
 * What `bulkIdentify` would do with each request, by the same algorithm on the persons of one snapshot; writes nothing.
 * Every person that the requests touch stays in memory, so that later requests see what earlier ones would have done.
 * @param client one of its own: a transaction stays open until the end
 */
export async function* bulkForesee(
  client: Client,
  workspaceId: number,
  chunks: AsyncIterable<readonly CanonicalRequest[]>,
): AsyncGenerator<ForeseenRequest[]> {
  const persons = new WorkingSet()
  const loadedRootIds = new Set<number>()
  /** Which request would make each contact to be. */
  const makers: number[] = []
  let place = 0
  const stamp = { at: new Date(), newId: () => FIRST_ID_TO_BE + makers.push(place) - 1 }
  await client`begin isolation level repeatable read read only`
  const rules = await readRules(client, workspaceId)
  for await (const requests of chunks) {
    const usable = requests.map((request) => usableOf(request, rules))
    const identifiers = usable.flatMap((request) => (request ? identifiersOf(request) : []))
    const contacts = await readPersons(
      client,
      workspaceId,
      identifiers.filter((identifier) => !persons.find(identifier)),
    )
    const fresh = contacts.filter((contact) => !loadedRootIds.has(contact.linkedId ?? contact.id))
    for (const contact of fresh) loadedRootIds.add(contact.linkedId ?? contact.id)
    persons.load(fresh)
    const refused = rules && (await reconcileRules(client, workspaceId, rules, persons))
    const foreseen: ForeseenRequest[] = []
    for (const request of usable) {
      foreseen.push(request ? shown(persons.reconcile(request, stamp, refused), makers) : BLOCKED)
      place++
    }
    yield foreseen
  }
  await client`commit`
}

/** The same, counted. */
export async function* bulkPreview(
  client: Client,
  workspaceId: number,
  chunks: AsyncIterable<readonly CanonicalRequest[]>,
): AsyncGenerator<OutcomeCounts> {
  for await (const foreseen of bulkForesee(client, workspaceId, chunks)) {
    const counts: OutcomeCounts = { created: 0, linked: 0, merged: 0, refused: 0, existing: 0 }
    for (const { outcome } of foreseen) counts[outcome]++
    yield counts
  }
}

const BLOCKED: ForeseenRequest = {
  outcome: 'refused',
  personId: null,
  madeBy: null,
  movedContactIds: [],
  refusal: 'blocked',
}

function shown({ outcome, person, changed, refusal }: Reconciliation, makers: readonly number[]): ForeseenRequest {
  const { id } = primaryOf(person)
  const isToBe = id >= FIRST_ID_TO_BE
  return {
    outcome,
    personId: isToBe ? null : id,
    madeBy: isToBe ? makers[id - FIRST_ID_TO_BE]! : null,
    movedContactIds: changed
      .filter((contact) => contact.id !== person.root.id && contact.id < FIRST_ID_TO_BE && contact.deletedAt === null)
      .map((contact) => contact.id),
    refusal: refusal?.reason ?? null,
  }
}
