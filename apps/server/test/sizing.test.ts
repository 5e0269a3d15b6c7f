import { expect, it } from 'vitest'
import { defaultLanes, defaultProcesses, postgresSettings, totalConnections } from '../src/sizing.ts'

const GIB = 1024 ** 3

it.each([
  { cores: 1, processes: 1, lanes: 2, connections: 6 },
  { cores: 2, processes: 1, lanes: 2, connections: 6 },
  { cores: 3, processes: 1, lanes: 2, connections: 6 },
  { cores: 4, processes: 2, lanes: 2, connections: 12 },
  { cores: 8, processes: 4, lanes: 2, connections: 24 },
  { cores: 32, processes: 8, lanes: 3, connections: 64 },
  { cores: 64, processes: 8, lanes: 4, connections: 80 },
])('$cores cores: $processes processes of $lanes lanes, $connections connections', (expected) => {
  const processes = defaultProcesses(expected.cores)
  const lanes = defaultLanes(expected.cores, processes)
  expect(processes).toBe(expected.processes)
  expect(lanes).toMatchObject({ readLanes: expected.lanes, writeLanes: expected.lanes })
  expect(lanes.queueSize * processes).toBeLessThanOrEqual(10_000)
  expect(totalConnections(processes, lanes)).toBe(expected.connections)
})

it.each([
  { memory: 0.25, sharedBuffers: '128MB', maxWalSize: '1024MB' },
  { memory: 16, sharedBuffers: '2048MB', maxWalSize: '2048MB' },
  { memory: 256, sharedBuffers: '4096MB', maxWalSize: '4096MB' },
])('$memory GiB: $sharedBuffers of shared buffers', ({ memory, sharedBuffers, maxWalSize }) => {
  const settings = postgresSettings(memory * GIB, 6)
  expect(settings).toMatchObject({ shared_buffers: sharedBuffers, max_wal_size: maxWalSize, max_connections: '100' })
  for (const name of ['fsync', 'synchronous_commit', 'full_page_writes']) expect(settings).not.toHaveProperty(name)
  expect(postgresSettings(memory * GIB, 200).max_connections).toBe('220')
})
