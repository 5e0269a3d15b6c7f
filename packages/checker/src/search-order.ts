/** A call's place in time. Times are of one clock, in any unit. */
export interface Timed {
  readonly startedAt: number
  /** Infinity where no answer came. */
  readonly endedAt: number
}

/** What calls do, one after another. States are never changed in place. */
export interface Specification<Call, State> {
  readonly initial: State
  /** The states that the call may lead to with the answer it got; none where it cannot have got that. */
  apply(call: Call, state: State, index: number): Iterable<State>
  /** The same for two states from which the same answers can follow. */
  keyOf(state: State): string
  /** True where the call may never have taken effect. */
  mayBeLeftOut(call: Call): boolean
}

/** Neither an order was found nor that there is none. */
export class SearchTooLong extends Error {}

/**
 * Searches for an order of the calls that agrees with real time and in which the specification explains every answer.
 * Dead ends are remembered.
 * @returns the order found, without calls that never took effect; null where there is none
 * @throws SearchTooLong
 */
export function searchOrder<Call extends Timed, State>(
  calls: readonly Call[],
  { initial, apply, keyOf, mayBeLeftOut }: Specification<Call, State>,
  maxSteps: number,
): readonly Call[] | null {
  const hopeless = new Set<string>()
  let steps = 0

  function search(left: readonly number[], order: readonly Call[], state: State): readonly Call[] | null {
    if (left.every((index) => mayBeLeftOut(calls[index]!))) return order
    const key = `${left}/${keyOf(state)}`
    if (hopeless.has(key)) return null
    const firstEnd = Math.min(...left.map((index) => calls[index]!.endedAt))
    for (const index of left) {
      const call = calls[index]!
      // Another call had ended before this one started, so that one comes first.
      if (call.startedAt > firstEnd) continue
      const rest = left.filter((other) => other !== index)
      for (const next of apply(call, state, index)) {
        if (++steps > maxSteps) throw new SearchTooLong(`no order found in ${maxSteps} steps`)
        const found = search(rest, [...order, call], next)
        if (found) return found
      }
    }
    hopeless.add(key)
    return null
  }

  return search([...calls.keys()], [], initial)
}
