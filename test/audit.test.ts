import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const AUDIT = join(import.meta.dirname, '../scripts/audit.ts')

/** What a registry says of fastify, on which the server runs. */
const A_HOLE = {
  fastify: [
    {
      id: 1,
      url: 'https://example.com/GHSA-1',
      title: 'A hole',
      severity: 'high',
      vulnerable_versions: '*',
      cwe: [],
      cvss: { score: 8, vectorString: null },
    },
  ],
}

/** Runs the audit against a registry that gives this answer. */
async function audit(status: number, answer: object): Promise<{ code: number; output: string; asked: string[] }> {
  const asked: string[] = []
  const registry = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    request.resume().on('end', () => response.writeHead(status).end(JSON.stringify(answer)))
  }).listen(0, '127.0.0.1')
  await once(registry, 'listening')
  const { port } = registry.address() as AddressInfo
  // Of pnpm alone: npx, which starts it, keeps the registry that this machine has.
  const env = { ...process.env, pnpm_config_registry: `http://127.0.0.1:${port}/`, pnpm_config_fetch_retries: '0' }
  const child = spawn(process.execPath, [AUDIT], { env })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text))
  const [code] = await once(child, 'close')
  registry.closeAllConnections()
  registry.close()
  return { code, output, asked }
}

it('fails on holes that are high or critical, and where the registry fails; says so where it has no audit', async () => {
  const [none, critical, notThere, notAllowed, broken] = await Promise.all([
    audit(200, {}),
    audit(200, A_HOLE),
    audit(404, {}),
    audit(405, {}),
    audit(500, {}),
  ])
  expect(none).toMatchObject({ code: 0, asked: ['POST /-/npm/v1/security/advisories/bulk'] })
  expect(critical).toMatchObject({ code: 1, output: expect.stringContaining('A hole') })
  for (const { code, output } of [notThere!, notAllowed!]) {
    expect([code, output]).toEqual([0, expect.stringContaining('AUDIT NOT AVAILABLE')])
  }
  expect(broken).toMatchObject({ code: 1, output: expect.stringContaining('500') })
  expect(none.output + critical!.output + broken!.output).not.toContain('NOT AVAILABLE')
})
