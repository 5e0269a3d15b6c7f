import type { MergeRefused, Origin, WrittenEvent } from './event.ts'
import type { Refusal, RefusalReason } from './refusal.ts'

/** How often a batch met one refusal. */
export interface RefusalCount {
  readonly personId: number
  /** Null where a value was not added. */
  readonly otherPersonId: number | null
  readonly reason: RefusalReason
  readonly count: number
}

/** A refusal that a request met, and who sent it. */
export interface MetRefusal {
  readonly refusal: Refusal
  readonly origin: Origin
}

/** The refusals of a batch, each once with how often it was met, in the order in which they were. */
export function tally(met: readonly MetRefusal[]): RefusalCount[] {
  const counts = new Map<string, RefusalCount>()
  for (const { refusal } of met) {
    const key = keyOf(refusal)
    counts.set(key, {
      personId: refusal.person.root.id,
      otherPersonId: refusal.other?.root.id ?? null,
      reason: refusal.reason,
      count: (counts.get(key)?.count ?? 0) + 1,
    })
  }
  return [...counts.values()]
}

/**
 * The events of refusals that are counted, not piled up: one at the first, and then at each power of ten.
 * @param totals how often each of the tally has been met, this batch included
 */
export function refusalEvents(
  met: readonly MetRefusal[],
  tallied: readonly RefusalCount[],
  totals: readonly number[],
): WrittenEvent[] {
  const count = new Map(tallied.map((each, n) => [keyOfCount(each), totals[n]! - each.count]))
  const events: WrittenEvent[] = []
  for (const { refusal, origin } of met) {
    const key = keyOf(refusal)
    const now = count.get(key)! + 1
    count.set(key, now)
    if (isMilestone(now)) events.push({ event: refusedEvent(refusal, now), origin })
  }
  return events
}

/** The event of a refusal that has been met so often. */
export function refusedEvent({ person, other, reason, separationId }: Refusal, count: number): MergeRefused {
  return {
    type: 'merge.refused',
    personId: person.root.id,
    otherPersonId: other?.root.id ?? null,
    reason,
    ...(separationId === undefined ? {} : { separationId }),
    count,
  }
}

/** 1, 10, 100 and so on. */
export function isMilestone(count: number): boolean {
  return /^10*$/.test(String(count))
}

function keyOf({ person, other, reason }: Refusal): string {
  return keyOfCount({ personId: person.root.id, otherPersonId: other?.root.id ?? null, reason })
}

function keyOfCount({ personId, otherPersonId, reason }: Omit<RefusalCount, 'count'>): string {
  return `${personId} ${otherPersonId} ${reason}`
}
