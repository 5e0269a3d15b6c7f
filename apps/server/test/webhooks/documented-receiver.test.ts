import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { drawWebhookSecret } from '@identity/core'
import { codeBlocks } from '@identity/testkit'
import { expect, it } from 'vitest'
import { signatureHeaders } from '../../src/webhooks/signature.ts'

const page = readFileSync(join(import.meta.dirname, '../../../../docs/webhooks.md'), 'utf8')

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

it('the receiver in docs/webhooks.md takes what is genuine, once, and nothing else', async () => {
  const { code } = codeBlocks(page).find(({ language }) => language === 'js')!
  const [secret, port] = [drawWebhookSecret(), await freePort()]
  await using cleanup = new AsyncDisposableStack()
  const receiver = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    env: { WEBHOOK_SECRET: secret, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  cleanup.defer(() => void receiver.kill())
  const lines = createInterface({ input: receiver.stdout })[Symbol.asyncIterator]()
  expect((await lines.next()).value).toBe('ready')

  const body = '{"type":"person.created","data":{"id":"1-0","note":"é"}}'
  const deliver = async (headers: Record<string, string>, sent = body) =>
    (await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body: sent })).status
  const now = (id: string, ...secrets: string[]) => signatureHeaders(id, body, secrets, Date.now())
  const other = drawWebhookSecret()
  expect(await deliver(now('msg_1', other))).toBe(401)
  expect(await deliver({})).toBe(401)
  expect(await deliver(now('msg_1', secret), body.replace('é', 'e'))).toBe(401)
  expect(await deliver(signatureHeaders('msg_1', body, [secret], Date.now() - 301_000))).toBe(401)
  expect(await deliver(now('msg_1', secret))).toBe(204)
  expect(await deliver(now('msg_1', other, secret))).toBe(204)
  expect(await deliver(now('msg_2', secret))).toBe(204)
  const printed = "{ id: '1-0', note: 'é' }"
  expect([(await lines.next()).value, (await lines.next()).value]).toEqual([printed, printed])
  receiver.kill()
  expect((await lines.next()).done).toBe(true)
})
