import { type Asked, storyOf, type Told } from '../../corrected/call.ts'
import type { Timed } from '../../search-order.ts'

/** What a caller asks for: identify, a correction, or that two contacts are kept apart. */
export type SimulatedAsked = Asked | { readonly type: 'separate'; readonly contactIds: readonly [number, number] }

/** One call as its caller saw it. */
export interface SimulatedCall extends Timed {
  readonly asked: SimulatedAsked
  /** Null where no answer came: the log tells whether it was done, at some time since it started. */
  readonly told: Told | null
  /** By which the log tells what it has done. */
  readonly requestId: string
  readonly process: string
}

/** A call for people. */
export function story({ asked, told, ...rest }: SimulatedCall): string {
  if (asked.type === 'separate') {
    const answer = told === null ? 'no answer' : 'refused' in told ? told.refused : 'separated'
    return `${rest.process}: keep ${asked.contactIds.join(' and ')} apart → ${answer}`
  }
  if (told) return storyOf({ asked, told, ...rest })
  return storyOf({ asked, told: { persons: [] }, ...rest }).replace(/nobody$/, 'no answer')
}
