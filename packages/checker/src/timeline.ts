import type { Call } from './call.ts'
import type { Timed } from './search-order.ts'
import type { Violation } from './violation.ts'

const WIDTH = 40

/** A violation for people: one line a call, with a bar from its start to its end, what it sent and what it got. */
export function describeViolation({ reason, calls, leftOut }: Violation): string {
  return [`${reason}:`, '', ...timeline(calls), '', ...(leftOut > 0 ? [`${leftOut} calls more change nothing.`] : [])]
    .join('\n')
    .trim()
}

/** The lines of a history, by start. */
export function timeline(calls: readonly Call[]): string[] {
  return bars(calls, story)
}

/**
 * A line a call, by start.
 * @param story a call in words
 */
export function bars<T extends Timed>(calls: readonly T[], story: (call: T) => string): string[] {
  const times = calls.flatMap(({ startedAt, endedAt }) => (Number.isFinite(endedAt) ? [startedAt, endedAt] : startedAt))
  const [first, last] = [Math.min(...times), Math.max(...times)]
  const column = (time: number) =>
    Number.isFinite(time) ? Math.round(((time - first) / (last - first || 1)) * (WIDTH - 1)) : WIDTH
  return calls
    .toSorted((a, b) => a.startedAt - b.startedAt)
    .map((call) => `${bar(column(call.startedAt), column(call.endedAt))} ${story(call)}`)
}

/** `├──┤`; open to the right where no answer came, `│` where start and end are too close to tell. */
function bar(from: number, to: number): string {
  if (from === to) return `${' '.repeat(from)}│`.padEnd(WIDTH)
  const end = to === WIDTH ? '─' : '┤'
  return `${' '.repeat(from)}├${'─'.repeat(to - from - 1)}${end}`.slice(0, WIDTH).padEnd(WIDTH)
}

function story({ request, separates, answer, process }: Call): string {
  const sent = [request.email, request.phoneNumber].filter((value) => value !== null).join(' ')
  if (!answer) return `${process ? `${process}: ` : ''}${sent} → no answer`
  if (typeof answer === 'string')
    return `${process ? `${process}: ` : ''}keep ${separates?.join(' and ')} apart → ${answer}`
  const { primaryContactId, secondaryContactIds, emails, phoneNumbers } = answer
  const ids = [primaryContactId, ...secondaryContactIds].join(' ← ')
  return `${process ? `${process}: ` : ''}${sent} → ${ids} [${emails.join(' ')}] [${phoneNumbers.join(' ')}]`
}
