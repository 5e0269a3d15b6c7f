import type { Event } from '@identity/client'
import { serve } from '@identity/testkit'
import { Webhook } from 'standardwebhooks'

/** One delivery as it came in. */
export interface Received {
  readonly path: string
  readonly id: string
  readonly event: Event
}

/** What to answer a delivery with. @default 204 */
export type Answering = (
  received: Received,
) => undefined | number | { status: number; headers: Record<string, string> } | Promise<number>

/** Somebody's endpoint: checks each signature with the library that Standard Webhooks has for it, and keeps what came. */
export async function startReceiver(cleanup: AsyncDisposableStack, answering: Answering = () => undefined) {
  const seen: Received[] = []
  const acknowledged: Received[] = []
  const secrets = new Map<string, string>()
  const waiting: Array<{ isMet: () => boolean; resolve: () => void }> = []
  const forged: string[] = []
  const server = cleanup.use(
    await serve(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += chunk
      const path = request.url!
      const headers = request.headers as Record<string, string>
      const receive = async () => {
        const { data } = new Webhook(secrets.get(path)!).verify(body, headers) as { data: Event }
        const received = { path, id: headers['webhook-id']!, event: data }
        seen.push(received)
        const answer = await answering(received)
        const { status, headers: more } = typeof answer === 'object' ? answer : { status: answer ?? 204, headers: {} }
        if (status < 300) acknowledged.push(received)
        response.writeHead(status, more).end('x'.repeat(100))
      }
      await receive().catch((error) => {
        forged.push(String(error))
        response.writeHead(401).end()
      })
      for (const { isMet, resolve } of waiting) if (isMet()) resolve()
    }),
  )
  return {
    url: server.url,
    seen,
    acknowledged,
    forged,
    /** By path: what its deliveries must be signed with. */
    secrets,
    /** Waits for a state that deliveries bring about. */
    until: (isMet: () => boolean) =>
      new Promise<void>((resolve) => {
        if (isMet()) resolve()
        else waiting.push({ isMet, resolve })
      }),
  }
}

export type Receiver = Awaited<ReturnType<typeof startReceiver>>
