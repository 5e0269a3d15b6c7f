import { type Asked, storyOf, type Told } from '../corrected/call.ts'
import type { OracleRequest } from '../oracle.ts'
import type { Timed } from '../search-order.ts'

/** What a caller asks for: identify, a correction, or that two contacts are kept apart. */
export type LoggedAsked =
  | Asked
  | { readonly type: 'undo'; readonly eventId: string }
  | { readonly type: 'separate'; readonly contactIds: readonly [number, number] }

/** One call as its caller saw it. */
export interface LoggedCall extends Timed {
  readonly asked: LoggedAsked
  /** Null where no answer came: the log tells whether it was done, at some time since it started. */
  readonly told: Told | null
  /** By which the log tells what it has done. */
  readonly requestId: string
  readonly process: string
}

/** The requests of a call, of identify or of a preview; none of a correction. */
export function requestsOf(asked: LoggedAsked): readonly OracleRequest[] {
  if ('requests' in asked) return asked.requests
  return 'request' in asked ? [asked.request] : []
}

/** A call for people. */
export function story({ asked, told, ...rest }: LoggedCall): string {
  const shown = told ?? { persons: [] }
  const sentence =
    asked.type === 'separate'
      ? `${rest.process}: keep ${asked.contactIds.join(' and ')} apart → ${'refused' in shown ? shown.refused : 'separated'}`
      : asked.type === 'undo'
        ? storyOf({ asked: NOTHING_ASKED, told: shown, ...rest }).replace(': ', `: undo ${asked.eventId}`)
        : storyOf({ asked, told: shown, ...rest })
  return told ? sentence : sentence.replace(/→ .*$/, '→ no answer')
}

const NOTHING_ASKED: Asked = { type: 'identify', request: { email: null, phoneNumber: null } }
