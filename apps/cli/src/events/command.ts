import { parseAction, wholeNumber } from '../arguments.ts'
import type { Command } from '../run.ts'
import { readSeconds } from '../settings.ts'
import { printEvents } from './print-events.ts'

const USAGE = `Usage: identity events [options]
  --after ID            goes on after this event; by default from the oldest that is kept
  --limit N             ends after so many events
  --follow              goes on as events come, until Ctrl-C
  --patience SECONDS    how long a database that is away is waited for (60)
  --workspace NAME      whose (default)

What happened to persons, by ids alone: an object a line, as GET /events gives them, each once and after those that it
follows from. Changes nothing.
Exit code: 0 all there are, or N; 1 failed; 2 wrong usage; 130 interrupted. What is said then names the ID to go on after.`

/** `identity events` */
export const eventsCommand: Command = {
  summary: 'prints what happened to persons, by ids alone, and goes on as it happens',
  usage: USAGE,
  run(args, context) {
    const { values } = parseAction(args, {
      after: { type: 'string' },
      limit: { type: 'string' },
      follow: { type: 'boolean', default: false },
      patience: { type: 'string', default: '60' },
    })
    const { after, limit, follow, patience, workspace } = values
    const options = {
      after,
      limit: limit === undefined ? Number.POSITIVE_INFINITY : wholeNumber('--limit', limit),
      isFollowing: follow,
      patienceMs: readSeconds(patience) * 1000,
      workspace,
    }
    return printEvents(options, context)
  },
}
