import { once } from 'node:events'
import { createServer } from 'node:net'
import { serve } from '@identity/testkit'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isPublicAddress } from '../../src/webhooks/public-address.ts'
import { retryAfterMs, retryDelayMs } from '../../src/webhooks/retry-delay.ts'
import { Sender } from '../../src/webhooks/sender.ts'

it.each<readonly [string, boolean]>([
  ['8.8.8.8', true],
  ['172.32.0.1', true],
  ['2606:4700:4700::1111', true],
  ...[
    '127.0.0.1',
    '10.1.2.3',
    '172.31.255.255',
    '192.168.0.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    'fe80::1',
    'fe80::1%lo',
    'fd00::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::a00:1',
    '2002:a00:1::',
    '2001:0:a00:1::',
    'localhost',
  ].map((address) => [address, false] as const),
])('%s is public: %s', (address, expected) => {
  expect(isPublicAddress(address)).toBe(expected)
})

it.each([
  'http://8.8.8.8/',
  'https://127.0.0.1/',
  'https://2130706433/',
  'https://[::ffff:10.0.0.1]/',
  'https://localhost/',
])('nothing is sent to %s', async (url) => {
  const sender = new Sender({ allowPrivate: false })
  const answer = await sender.send(url, {}, '{}', AbortSignal.timeout(5_000))
  expect(answer).toMatchObject({ acknowledged: false, error: 'address' })
  sender.close()
})

it('waits ever longer, up to an hour, and as long as it is asked to', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
      const waitMs = retryDelayMs(attempt, 0, random)
      const wholeMs = attempt > 12 ? 3_600_000 : 1_000 * 2 ** (attempt - 1)
      expect(waitMs).toBeGreaterThanOrEqual(wholeMs / 2)
      expect(waitMs).toBeLessThanOrEqual(wholeMs)
    }),
  )
  expect(retryDelayMs(1, 120_000, 0)).toBe(120_000)
  expect(retryDelayMs(1, 86_400_000, 0)).toBe(3_600_000)
  const nowMs = Date.parse('2030-01-01T00:00:00Z')
  const values = ['7', 'Tue, 01 Jan 2030 00:01:00 GMT', 'Mon, 31 Dec 2029 00:00:00 GMT', 'soon', undefined]
  expect(values.map((value) => retryAfterMs(value, nowMs))).toEqual([7_000, 60_000, 0, 0, 0])
})

it('says what kind of failure it was; reads no long answer to its end', async () => {
  const sender = new Sender({ allowPrivate: true })
  const send = (url: string, signal = AbortSignal.timeout(5_000)) => sender.send(url, {}, '{}', signal)
  await using endless = await serve((_, response) => {
    response.writeHead(200)
    const more = () => response.write('x'.repeat(10_000), (error) => !error && more())
    more()
  })
  expect(await send(endless.url)).toEqual({ acknowledged: true })
  await using silent = await serve(() => {})
  expect(await send(silent.url, AbortSignal.timeout(20))).toMatchObject({ error: 'timeout', status: null })
  expect(await send(silent.url.replace('http:', 'https:'))).toMatchObject({
    error: expect.stringMatching(/tls|connection/),
  })
  const closed = createServer().listen(0, '127.0.0.1')
  await once(closed, 'listening')
  const { port } = closed.address() as { port: number }
  await new Promise((resolve) => closed.close(resolve))
  expect(await send(`http://127.0.0.1:${port}`)).toMatchObject({ error: 'connection' })
  sender.close()
})
