import type { BlockList } from '@identity/core'
import type { Rules } from '../corrected/specification.ts'
import type { Timed } from '../search-order.ts'
import { type LoggedCall, story } from './call.ts'

type Mark =
  /** From now on these may hold as well, as a server may know of them. */
  | { readonly type: 'asked'; readonly rules: Rules }
  /** From now on nothing else holds, on whatever server. */
  | { readonly type: 'answered' }
  | { readonly type: 'application begins' }
  /** Nobody is linked by what these block, from now on. */
  | { readonly type: 'applied'; readonly blocked: BlockList }
  | { readonly type: 'application ends' }
  /** Nothing more is done by rules. */
  | { readonly type: 'end' }

/** A moment at which something begins or ends for all calls. */
export interface RuleMark extends Timed {
  readonly mark: Mark
}

/** What calls may meet at a moment. */
export interface InForce {
  /** Those that a server may work by, oldest first. */
  readonly rules: readonly Rules[]
  /** Whether persons lose what the rules block, one after the other. */
  readonly isBeingApplied: boolean
}

/** What calls may meet after a mark. */
export function inForceAfter({ rules, isBeingApplied }: InForce, { mark }: RuleMark): InForce {
  switch (mark.type) {
    case 'asked':
      return { rules: [...rules, mark.rules], isBeingApplied }
    case 'answered':
      return { rules: rules.slice(-1), isBeingApplied }
    case 'application begins':
      return { rules, isBeingApplied: true }
    case 'application ends':
      return { rules, isBeingApplied: false }
    case 'applied':
    case 'end':
      return { rules, isBeingApplied }
  }
}

/** Changes rules, one change after another, and keeps what each moment of that means for the calls of others. */
export class RuleChanges {
  readonly #marks: RuleMark[] = []
  readonly #now: () => number

  /** @param now the time by the clock of the calls */
  constructor(now = () => performance.now()) {
    this.#now = now
  }

  get marks(): readonly RuleMark[] {
    return this.#marks
  }

  /** @param change asks for it, and is done when it has been answered */
  async change(rules: Rules, change: () => Promise<unknown>): Promise<void> {
    this.note({ type: 'asked', rules })
    await change()
    this.note({ type: 'answered' })
  }

  /** @param apply takes from the persons what the rules block, and says whether from all */
  async apply({ blocked }: Rules, apply: () => Promise<boolean>): Promise<void> {
    this.note({ type: 'application begins' })
    if ((await apply()) && blocked) this.note({ type: 'applied', blocked })
    this.note({ type: 'application ends' })
  }

  note(mark: Mark): void {
    const now = this.#now()
    this.#marks.push({ mark, startedAt: now, endedAt: now })
  }

  /** All that calls could meet from one moment to another, of one clock with theirs. */
  inForceBetween(initial: InForce, from: number, to: number): InForce[] {
    const all = [{ inForce: initial, since: Number.NEGATIVE_INFINITY }]
    for (const mark of this.#marks) {
      all.push({ inForce: inForceAfter(all.at(-1)!.inForce, mark), since: mark.startedAt })
    }
    return all
      .filter(({ since }, n) => since <= to && (all[n + 1]?.since ?? Number.POSITIVE_INFINITY) >= from)
      .map(({ inForce }) => inForce)
  }
}

/** A call or a mark for people. */
export function storyOfStep(step: LoggedCall | RuleMark): string {
  return 'mark' in step ? storyOfMark(step) : story(step)
}

function storyOfMark({ mark }: RuleMark): string {
  if (mark.type !== 'asked') return `rules: ${mark.type}`
  const { limits, blocked } = mark.rules
  const what = `${limits.email ?? 'any'} e-mails, ${limits.phone ?? 'any'} phones, ${blocked ? 'some' : 'nothing'} blocked`
  return `rules: ${what} is asked for`
}
