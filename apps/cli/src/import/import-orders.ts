import { statSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { type CanonicalRequest, isUnavailable } from '@identity/core'
import { openCommandDatabase } from '../database/command-database.ts'
import { workspaceNamed } from '../database/workspace-named.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import { Failure } from '../failure.ts'
import { unreadableFile } from '../files.ts'
import { tellOutages } from '../outages.ts'
import type { Context } from '../run.ts'
import { Display } from '../terminal/display.ts'
import { counted, grouped } from '../terminal/figures.ts'
import type { ImportOptions } from './command.ts'
import { type ChunkMessage, requestsOf } from './messages.ts'
import { readChunks } from './read-chunks.ts'
import { RejectsFile } from './rejects-file.ts'
import { Tally } from './tally.ts'
import { openTarget, type Target } from './target.ts'

/** After Ctrl-C, what is being written may end; it is taken back whole otherwise. */
const GRACE_MS = 5_000

/** Reads a file and reconciles its orders; says what became of them. */
export async function importOrders(options: ImportOptions, { env, signal }: Context): Promise<ExitCode> {
  const bytesTotal = sizeOf(options.file)
  const display = new Display()
  await using database = await openCommandDatabase(env)
  const workspaceId = await workspaceNamed(options.workspace, database.url)
  const onRetry = tellOutages((line) => display.say(line), options.patienceMs)
  await using target = openTarget(database.url, workspaceId, options, onRetry)
  using rejects = new RejectsFile(options.rejectedFile, options.file)
  const tally = new Tally(bytesTotal)
  try {
    await Promise.race([pump({ options, target, rejects, tally, display, signal }), afterGrace(signal)])
  } catch (error) {
    throw isUnavailable(error) ? gaveUp(options, tally) : error
  } finally {
    display.clear()
  }
  return conclude(options, tally, signal)
}

interface Pump {
  readonly options: ImportOptions
  readonly target: Target
  readonly rejects: RejectsFile
  readonly tally: Tally
  readonly display: Display
  readonly signal: AbortSignal
}

/** Chunks go through in order; each is counted once it is written. */
async function pump({ options, target, rejects, tally, display, signal }: Pump): Promise<void> {
  const underWay: ChunkMessage[] = []
  async function* requests(): AsyncGenerator<readonly CanonicalRequest[]> {
    for await (const chunk of readChunks(options, signal)) {
      rejects.write(chunk.refused)
      underWay.push(chunk)
      yield requestsOf(chunk)
    }
  }
  for await (const counts of target.reconcile(requests())) {
    tally.add(underWay.shift()!, counts)
    display.show(tally.progress())
  }
}

function conclude({ isDryRun, rejectedFile }: ImportOptions, tally: Tally, signal: AbortSignal): ExitCode {
  console.log(isDryRun ? `${tally.summary()}\nNothing was written: this was a dry run.` : tally.summary())
  if (tally.refused > 0) {
    console.error(`${counted(tally.refused, 'row')} refused: line numbers and reasons are in ${rejectedFile}.`)
    console.error('It quotes e-mails and phone numbers: only you may read it; delete it when you have done with it.')
  }
  if (signal.aborted) {
    console.error('Interrupted. Start the same command again: it goes on, and what is in stays in.')
    return EXIT.interrupted
  }
  return tally.refused > 0 ? EXIT.someRefused : EXIT.ok
}

/** Undefined for what has no size, such as a pipe. @throws Failure where it is not there */
function sizeOf(file: string): number | undefined {
  if (file === '-') return undefined
  try {
    const stats = statSync(file)
    return stats.isFile() ? stats.size : undefined
  } catch (error) {
    throw unreadableFile(file, error)
  }
}

async function afterGrace(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  signal.addEventListener('abort', () => resolve())
  if (signal.aborted) resolve()
  await promise
  await delay(GRACE_MS, undefined, { ref: false })
}

function gaveUp({ patienceMs }: ImportOptions, tally: Tally): Failure {
  return new Failure(
    `The database has been away for ${patienceMs / 1000} s. ${grouped(tally.rows)} rows are in. Start the same command again when it is back: it goes on, and repeats nothing.`,
  )
}
