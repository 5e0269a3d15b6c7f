import type { IdentityStore, RecordedEvent } from '@identity/core'

export type LogReader = Pick<IdentityStore, 'events'>

const PAGE = 1_000

/**
 * The events there are, in order.
 * @param after the id of the one before them; undefined: from the first that is kept
 */
export async function readLog(store: LogReader, after?: string): Promise<RecordedEvent[]> {
  const all: RecordedEvent[] = []
  for (;;) {
    const page = await store.events(1, { after: all.at(-1)?.id ?? after, limit: PAGE })
    all.push(...page)
    if (page.length < PAGE) return all
  }
}
