import type { LoadResult } from './load.ts'
import { expectedContacts, type WorkloadName } from './workloads.ts'

const SHOWN_LINES = 5

/** A run that proves nothing, so there is no comparison. */
export class Refusal extends Error {
  /** @param serverOutput its last lines are shown */
  constructor(run: string, fault: string, serverOutput = '') {
    const lines = serverOutput.trim().split('\n').slice(-SHOWN_LINES)
    super([`No comparison, for ${run} went wrong: ${fault}`, ...lines].join('\n').trimEnd())
  }
}

/** A server that fails is fast. @throws Refusal where a request failed, or none was answered */
export function refuseFailures(run: string, { requestCount, failures }: LoadResult, serverOutput: string): void {
  const { connection, timeout, status } = failures
  if (connection + timeout + status > 0) {
    const fault = `${status} answers were not 2xx, ${timeout} requests timed out, ${connection} connections failed.`
    throw new Refusal(run, fault, serverOutput)
  }
  if (requestCount === 0) throw new Refusal(run, 'no request was answered.', serverOutput)
}

/** How far chance may take the contacts added from those expected. */
const TOLERANCE = 0.1

/**
 * So does one that leaves the work undone, or a workload that is not what its name says.
 * @param unanswered requests at the most that were under way when the run ended
 * @throws Refusal where the run did not add the contacts that it should
 */
export function refuseOtherWork(
  run: string,
  workload: WorkloadName,
  { requestCount, addedContacts, unanswered }: Record<'requestCount' | 'addedContacts' | 'unanswered', number>,
): void {
  const expected = expectedContacts(workload, requestCount)
  if (Math.abs(addedContacts - expected) <= expected * TOLERANCE + unanswered) return
  throw new Refusal(run, `${addedContacts} contacts were added where about ${Math.round(expected)} should have been.`)
}
