import { setTimeout as delay } from 'node:timers/promises'
import { IdentityError } from '../../errors.ts'
import { listWriters } from '../statements/list-writers.ts'
import type { Run } from './run.ts'

const POLL_MS = 20

/**
 * Waits until every transaction has ended that may write contacts and was under way when this began.
 * @param run gives work a connection for as long as a statement takes
 * @param deadlineMs when to give up, in milliseconds since 1970
 * @throws IdentityError `unavailable`
 */
export async function awaitWriters(run: Run, deadlineMs: number): Promise<void> {
  let awaited = await run(listWriters)
  while (awaited.length > 0) {
    if (Date.now() >= deadlineMs) throw stillWriting(awaited.length)
    await delay(POLL_MS)
    const writers = new Set(await run(listWriters))
    awaited = awaited.filter((id) => writers.has(id))
  }
}

function stillWriting(count: number): IdentityError {
  const found = count === 1 ? 'A transaction' : `${count} transactions`
  const detail = `${found} from before this change of rules may still be committed. The change is kept. Repeat the request: that is safe.`
  return new IdentityError('unavailable', detail, { retryAfterS: 1 })
}
