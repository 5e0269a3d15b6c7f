import type { CanonicalRequest } from '../canonical/request.ts'
import { identifiersOf } from '../identifier.ts'
import { WorkingSet } from '../working-set.ts'
import type { OutcomeCounts } from './bulk-identify.ts'
import type { Client } from './client.ts'
import { reconcileRules } from './rules/reconcile-rules.ts'
import { readRules } from './rules/rule-book.ts'
import { usableOf } from './rules/screen.ts'
import { readPersons } from './statements/read-persons.ts'

/** Later than any real contact: contacts to be sort last, in their own order. */
const FIRST_ID_TO_BE = 2 ** 52

/**
 * What `bulkIdentify` would do, by the same algorithm on the persons of one snapshot; writes nothing. Every person that
 * the requests touch stays in memory, so that later requests see what earlier ones would have done.
 * @param client one of its own: a transaction stays open until the end
 */
export async function* bulkPreview(
  client: Client,
  workspaceId: number,
  chunks: AsyncIterable<readonly CanonicalRequest[]>,
): AsyncGenerator<OutcomeCounts> {
  const persons = new WorkingSet()
  const loadedRootIds = new Set<number>()
  let nextId = FIRST_ID_TO_BE
  const stamp = { at: new Date(), newId: () => nextId++ }
  await client`begin isolation level repeatable read read only`
  const rules = await readRules(client, workspaceId)
  for await (const requests of chunks) {
    const usable = requests.flatMap((request) => usableOf(request, rules) ?? [])
    const identifiers = usable.flatMap(identifiersOf).filter((identifier) => !persons.find(identifier))
    const contacts = await readPersons(client, workspaceId, identifiers)
    const fresh = contacts.filter((contact) => !loadedRootIds.has(contact.linkedId ?? contact.id))
    for (const contact of fresh) loadedRootIds.add(contact.linkedId ?? contact.id)
    persons.load(fresh)
    const blocked = requests.length - usable.length
    const counts: OutcomeCounts = { created: 0, linked: 0, merged: 0, refused: blocked, existing: 0 }
    const refused = rules && (await reconcileRules(client, workspaceId, rules, persons))
    for (const request of usable) counts[persons.reconcile(request, stamp, refused).outcome]++
    yield counts
  }
  await client`commit`
}
