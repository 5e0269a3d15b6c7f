import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** With a letter in it, so that no phone number is taken for one, and nothing that an e-mail needs. */
const SANE = /^(?=.*[A-Za-z])[\w-]{8,64}$/
/** W3C Trace Context, version 00. */
const TRACEPARENT = /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/

/** Tells the requests of one process from those of another. */
const prefix = randomBytes(6).toString('hex')
let count = 0

/** What the log and the answer call a request: the caller's own id of it or of its trace where there is one. */
export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id']
  if (typeof given === 'string' && SANE.test(given)) return given
  const traceparent = headers.traceparent
  const traceId = typeof traceparent === 'string' ? TRACEPARENT.exec(traceparent)?.[1] : undefined
  return traceId ?? `${prefix}-${(++count).toString(36)}`
}
