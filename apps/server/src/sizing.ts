/**
 * A connection for look-ups and previews, one for events, one for health checks and API keys, one for the workspaces'
 * rules and what is applied of them, one for corrections and questions about the past, one for webhooks, two for large
 * persons.
 */
const SPARE_CONNECTIONS = 8
const MAX_PROCESSES = 8
const MAX_LANES = 4
/** PostgreSQL's own default, of which it keeps three for superusers. */
const USUAL_MAX_CONNECTIONS = 100
/** For migrations, backups and a person with psql. */
const OTHER_CONNECTIONS = 20
const TOTAL_QUEUE_SIZE = 10_000

export interface Lanes {
  readonly readLanes: number
  readonly writeLanes: number
  /** Requests of one process that may wait. */
  readonly queueSize: number
}

/**
 * Server processes for so many cores. PostgreSQL needs about as much of the machine as they do, so they get half of
 * it; on three cores or fewer, a second process would only take turns with the first and halve its batches.
 */
export function defaultProcesses(cores: number): number {
  return cores < 4 ? 1 : Math.min(MAX_PROCESSES, Math.floor(cores / 2))
}

/**
 * Lanes and queue of each process. Two lanes keep the database busy while the process works on one's rows, or while a
 * commit waits for the disk. More pay only where PostgreSQL has cores to spare; beyond four, batches get smaller and
 * meet each other's locks more often. What waits, waits for the one database: the processes share one bound.
 */
export function defaultLanes(cores: number, processes: number): Lanes {
  const coresForPostgres = Math.max(0, cores - processes)
  const lanes = Math.min(MAX_LANES, Math.max(2, Math.floor(coresForPostgres / processes)))
  return { readLanes: lanes, writeLanes: lanes, queueSize: Math.max(1, Math.floor(TOTAL_QUEUE_SIZE / processes)) }
}

/** Connections that one process may open: one a lane, and the spare ones. */
export function connectionsOfOne({ readLanes, writeLanes }: Pick<Lanes, 'readLanes' | 'writeLanes'>): number {
  return readLanes + writeLanes + SPARE_CONNECTIONS
}

/** Connections that all processes together may open. */
export function totalConnections(processes: number, lanes: Pick<Lanes, 'readLanes' | 'writeLanes'>): number {
  return processes * connectionsOfOne(lanes)
}

/** `max_connections` for a PostgreSQL that is there for the server: PostgreSQL's own default, or more. */
export function maxConnections(connections: number): number {
  return Math.max(USUAL_MAX_CONNECTIONS, connections + OTHER_CONNECTIONS)
}
