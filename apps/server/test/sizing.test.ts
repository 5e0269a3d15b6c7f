import { expect, it } from 'vitest'
import { defaultLanes, defaultProcesses, maxConnections, totalConnections } from '../src/sizing.ts'

it.each([
  { cores: 1, processes: 1, lanes: 2, connections: 12 },
  { cores: 2, processes: 1, lanes: 2, connections: 12 },
  { cores: 3, processes: 1, lanes: 2, connections: 12 },
  { cores: 4, processes: 2, lanes: 2, connections: 24 },
  { cores: 8, processes: 4, lanes: 2, connections: 48 },
  { cores: 32, processes: 8, lanes: 3, connections: 112 },
  { cores: 64, processes: 8, lanes: 4, connections: 128 },
])('$cores cores: $processes processes of $lanes lanes, $connections connections', (expected) => {
  const processes = defaultProcesses(expected.cores)
  const lanes = defaultLanes(expected.cores, processes)
  expect(processes).toBe(expected.processes)
  expect(lanes).toMatchObject({ readLanes: expected.lanes, writeLanes: expected.lanes })
  expect(lanes.queueSize * processes).toBeLessThanOrEqual(10_000)
  expect(totalConnections(processes, lanes)).toBe(expected.connections)
})

it('PostgreSQL allows what the server needs, and never less than by itself', () => {
  expect(maxConnections(6)).toBe(100)
  expect(maxConnections(200)).toBe(220)
})
