import { postIdentify } from '@identity/testkit'
import { nextOverHttp } from '../logged/next-asked.ts'
import { runLoggedHistories } from '../logged/run.ts'
import { storeOverHttp } from '../logged/store-over-http.ts'
import { newRunId, runHistories } from '../run-histories.ts'
import { eventsBetween, markLog } from './log-since.ts'
import type { Options } from './options.ts'

/** A round is so many times what runs at once, first of identify alone, then with corrections. Then the log is read. */
const TURNS = 2

/** What was checked so far. */
export interface Checked {
  readonly histories: number
  readonly calls: number
  /** Calls of histories with corrections. */
  readonly callsBesideCorrections: number
}

/**
 * Runs random histories over the servers, of identify alone and with corrections, until the time is over, and checks each.
 * @param onRound called after each round
 * @throws PromiseBroken
 */
export async function soak(
  urls: readonly string[],
  { atOnce, seed, minutes }: Pick<Options, 'atOnce' | 'seed' | 'minutes'>,
  onRound: (checked: Checked) => void = () => {},
): Promise<Checked> {
  const endMs = Date.now() + minutes * 60_000
  const stores = Object.fromEntries(urls.map((url) => [url, storeOverHttp(url)]))
  const log = storeOverHttp(urls[0]!)
  const histories = TURNS * atOnce
  let checked: Checked = { histories: 0, calls: 0, callsBesideCorrections: 0 }
  for (let first = seed; first === seed || Date.now() < endMs; first += histories) {
    const identified = await runHistories({
      processes: Object.fromEntries(urls.map((url) => [url, (request) => postIdentify(url, request)])),
      seed: first,
      concurrency: atOnce,
      goesOn: (done) => done < histories,
    })
    const runId = newRunId(first)
    const begin = await markLog(log, `begin@${runId}.example`)
    const corrected = await runLoggedHistories({
      stores,
      seed: first,
      runId,
      histories,
      concurrency: atOnce,
      next: nextOverHttp,
      events: async () => eventsBetween(log, begin, await markLog(log, `end@${runId}.example`)),
    })
    checked = {
      histories: checked.histories + identified.histories + histories,
      calls: checked.calls + identified.calls + corrected.length,
      callsBesideCorrections: checked.callsBesideCorrections + corrected.length,
    }
    onRound(checked)
  }
  return checked
}
