import { createHmac } from 'node:crypto'

const PREFIX = 'whsec_'

/**
 * The headers by which a receiver knows who sent the body, as Standard Webhooks wants them.
 * @param id the same however often the event is sent to this endpoint
 * @param secrets `whsec_…`; one signature each, the newest first
 */
export function signatureHeaders(
  id: string,
  body: string,
  secrets: readonly string[],
  nowMs: number,
): Record<string, string> {
  const timestamp = String(Math.floor(nowMs / 1_000))
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(PREFIX.length), 'base64')
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
  })
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') }
}
