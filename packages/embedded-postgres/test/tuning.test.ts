import { expect, it } from 'vitest'
import { startTunedPostgres, tuningFor } from '../src/tuning.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

const GIB = 1024 ** 3

it.each([
  { memory: 0.25, sharedBuffers: '128MB', maxWalSize: '1024MB' },
  { memory: 16, sharedBuffers: '4096MB', maxWalSize: '4096MB' },
  { memory: 256, sharedBuffers: '8192MB', maxWalSize: '4096MB' },
])('$memory GiB: $sharedBuffers of shared buffers', ({ memory, sharedBuffers, maxWalSize }) => {
  const settings = tuningFor(memory * GIB)
  expect(settings).toMatchObject({ shared_buffers: sharedBuffers, max_wal_size: maxWalSize })
  for (const name of ['fsync', 'synchronous_commit', 'full_page_writes']) expect(settings).not.toHaveProperty(name)
})

it('starts PostgreSQL with its own settings where it refuses ours, and says so', async () => {
  await using folder = temporaryFolder()
  const lines: string[] = []
  const settings = { wal_compression: 'unheard-of', max_connections: '17', fsync: 'off' }
  const postgres = await startTunedPostgres({
    dataDir: folder.dataDir,
    settings,
    onWarning: (line) => lines.push(line),
  })
  await postgres.stop()
  expect(lines).toEqual([expect.stringMatching(/invalid value for parameter "wal_compression".* give the server more/)])
})
