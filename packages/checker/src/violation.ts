import type { Call } from './call.ts'
import { splitByComponent } from './components.ts'
import { contactIds, type LinearizeOptions, linearize } from './linearize.ts'
import { SearchTooLong } from './search-order.ts'
import { shrink } from './shrink.ts'

/** Answers that no order explains: as few calls as could be found. */
export interface Violation {
  readonly reason: string
  /** Evidence by itself, by start. */
  readonly calls: readonly Call[]
  /** Calls left out of it, as nothing changes whether and when any of them took effect. */
  readonly leftOut: number
}

/** Checks promise G1 on a history that starts with none of its identifiers known. @returns null where it holds */
export function findViolation(history: readonly Call[], options: LinearizeOptions = {}): Violation | null {
  const parts = splitByComponent(history)
  for (const part of parts) {
    if (linearize(part, options)) continue
    const calls = shrink(part, (smaller) => isSurelyWrong(smaller, options))
    return { reason: 'no order of these calls explains their answers', calls, leftOut: history.length - calls.length }
  }
  return findSharedId(parts)
}

/** What cannot be told soon counts as right: the history then stays larger than it might be. */
function isSurelyWrong(calls: readonly Call[], options: LinearizeOptions): boolean {
  try {
    return linearize(calls, { ...options, maxSteps: 2_000 }) === null
  } catch (error) {
    if (error instanceof SearchTooLong) return false
    throw error
  }
}

/** One contact id in answers about persons that share no identifier: what searching the parts one by one cannot see. */
function findSharedId(parts: ReadonlyArray<readonly Call[]>): Violation | null {
  const firstCallOf = new Map<number, Call>()
  for (const part of parts) {
    const ofPart = new Map<number, Call>()
    for (const call of part) for (const id of call.answer ? contactIds(call.answer) : []) ofPart.set(id, call)
    for (const [id, call] of ofPart) {
      const other = firstCallOf.get(id)
      const leftOut = parts.flat().length - 2
      if (other) return { reason: `contact ${id} is of two persons`, calls: [other, call], leftOut }
      firstCallOf.set(id, call)
    }
  }
  return null
}
