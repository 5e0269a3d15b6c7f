const MIB = 1024 ** 2
const GIB = 1024 ** 3

/** A connection for look-ups and previews, one for health checks and API keys. */
const SPARE_CONNECTIONS = 2
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

/**
 * Settings of the embedded PostgreSQL, which shares the machine with the server. What makes a commit durable is not
 * among them.
 */
export function postgresSettings(memoryBytes: number, connections: number): Record<string, string> {
  // An eighth, not the usual quarter: the server and the system's cache want memory too, and each GiB takes 20 MB of it
  // before there are any data. Never less than PostgreSQL's own default.
  const sharedBuffers = Math.min(4 * GIB, Math.max(128 * MIB, Math.floor(memoryBytes / 8)))
  return {
    shared_buffers: megabytes(sharedBuffers),
    effective_cache_size: megabytes(Math.max(sharedBuffers, memoryBytes / 2)),
    // Fewer checkpoints mean fewer whole pages in the log; no more log than memory, as small machines have small disks.
    max_wal_size: megabytes(Math.min(4 * GIB, Math.max(GIB, sharedBuffers))),
    checkpoint_timeout: '15min',
    // lz4 is missing from some builds, this one among them.
    wal_compression: 'pglz',
    max_connections: String(Math.max(USUAL_MAX_CONNECTIONS, connections + OTHER_CONNECTIONS)),
  }
}

function megabytes(bytes: number): string {
  return `${Math.floor(bytes / MIB)}MB`
}
