import { BlockList } from '../../block-list.ts'
import { BlockTally } from '../../block-tally.ts'
import { bridgesWithin } from '../../bridge.ts'
import { comeApart } from '../../come-apart.ts'
import type { Identifier } from '../../identifier.ts'
import { JUNK } from '../../junk.ts'
import type { BlockPreview, PreviewedRule } from '../../rule-store.ts'
import { WorkingSet } from '../../working-set.ts'
import { readBridges } from '../statements/read-bridges.ts'
import { readPersons } from '../statements/read-persons.ts'
import { findBlocked } from './find-blocked.ts'
import type { Run } from './run.ts'

/** What one preview looks at, so that it ends in a second or two. */
const MAX_IDENTIFIERS = 1_000_000
const MAX_PERSONS = 1_000
/** Values whose persons are in memory together: each may have many contacts. */
const TOGETHER = 50

/**
 * What applying a rule would do to the persons there are: each that has a value which it blocks comes apart as if, and
 * nothing is kept. Looks at so many values and persons at the most, page by page.
 */
export async function previewBlock(run: Run, workspaceId: number, rule: PreviewedRule): Promise<BlockPreview> {
  const rules = 'preset' in rule ? JUNK : [{ id: null, ...rule }]
  const blocked = new BlockList(rules)
  const tally = new BlockTally()
  const seen = new Set<number>()
  const lookAt = async (identifiers: readonly Identifier[]) => {
    const contacts = await run((db) => readPersons(db, workspaceId, identifiers))
    const bridges = await run((db) =>
      readBridges(
        db,
        workspaceId,
        contacts.map(({ id }) => id),
      ),
    )
    const persons = new WorkingSet(contacts)
    for (const identifier of identifiers) {
      const person = persons.find(identifier)
      if (!person || seen.has(person.root.id)) continue
      seen.add(person.root.id)
      tally.add(person, comeApart(person, bridgesWithin(person, bridges), blocked.isBlocked, new Date()))
    }
  }

  let looked = 0
  for await (const { identifiers, lookedAt } of findBlocked(run, workspaceId, rules)) {
    if (looked >= MAX_IDENTIFIERS) return tally.preview({ isComplete: false })
    looked += lookedAt
    for (let start = 0; start < identifiers.length; start += TOGETHER) {
      if (seen.size >= MAX_PERSONS) return tally.preview({ isComplete: false })
      await lookAt(identifiers.slice(start, start + TOGETHER))
    }
  }
  return tally.preview({ isComplete: true })
}
