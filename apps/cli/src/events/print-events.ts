import { type IdentityStore, isUnavailable, type RecordedEvent } from '@identity/core'
import { type OpenStore, withStore } from '../database/with-store.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import { Failure } from '../failure.ts'
import { tellOutages } from '../outages.ts'
import type { Context } from '../run.ts'
import { readerOf } from './reader.ts'
import { unlessAborted } from './unless-aborted.ts'

const PAGE_SIZE = 1_000
/** Who waits for events hears nothing of a database that is away: it is looked at so often. */
const LOOK_AGAIN_MS = 2_000

export interface EventsOptions {
  /** The id of the last event that was seen; undefined: from the oldest that is kept. */
  readonly after: string | undefined
  /** How many at the most; infinity: all. */
  readonly limit: number
  /** Whether it goes on as events come. */
  readonly isFollowing: boolean
  readonly patienceMs: number
  /** Undefined: the one that every installation has. */
  readonly workspace: string | undefined
}

/** A workspace's log, and how far it has been printed. */
interface Log {
  readonly store: IdentityStore
  readonly workspaceId: number
  after: string | undefined
}

/** Prints the events of a workspace, a line each. */
export async function printEvents(options: EventsOptions, { env, signal }: Context): Promise<ExitCode> {
  const { workspace, patienceMs } = options
  const settings = { timeoutMs: patienceMs, onRetry: tellOutages((line) => console.error(line), patienceMs) }
  using reader = readerOf(process.stdout)
  const work = async ({ store, workspaceId }: OpenStore): Promise<ExitCode> => {
    const log = { store, workspaceId, after: options.after }
    try {
      await printFrom(log, options, AbortSignal.any([signal, reader.signal]))
      return EXIT.ok
    } catch (error) {
      if (reader.signal.aborted) return EXIT.ok
      if (signal.aborted) {
        console.error(`Interrupted. ${howToGoOn(log.after)}`)
        return EXIT.interrupted
      }
      if (!isUnavailable(error)) throw error
      throw new Failure(`The database has been away for ${patienceMs / 1000} s. ${howToGoOn(log.after)}`)
    }
  }
  const code = await withStore(env, workspace, work, settings)
  reader.throwUnlessLeft()
  return code
}

/** @throws the signal's reason once it is aborted */
async function printFrom(log: Log, { limit, isFollowing }: EventsOptions, signal: AbortSignal): Promise<void> {
  const { store, workspaceId } = log
  for (let left = limit; left > 0; ) {
    const asked = Math.min(left, PAGE_SIZE)
    const events = await unlessAborted(store.events(workspaceId, { after: log.after, limit: asked }), signal)
    for (const event of events) {
      print(event)
      log.after = event.id
    }
    left -= events.length
    if (events.length === asked) continue
    if (!isFollowing) return
    await untilMore(log, signal)
  }
}

function print(event: RecordedEvent): void {
  console.log(JSON.stringify(event))
}

async function untilMore({ store, workspaceId, after }: Log, signal: AbortSignal): Promise<void> {
  const rested = new AbortController()
  // It keeps the process, too, while there is no connection that does.
  const timer = setTimeout(() => rested.abort(), LOOK_AGAIN_MS)
  try {
    await store.untilEvents(workspaceId, after, AbortSignal.any([signal, rested.signal]))
  } finally {
    clearTimeout(timer)
  }
}

function howToGoOn(after: string | undefined): string {
  return after === undefined ? 'There was nothing to print.' : `--after ${after} goes on after what was printed.`
}
