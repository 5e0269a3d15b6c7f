import { totalmem } from 'node:os'
import { EmbeddedPostgresFailure } from './failure.ts'
import { type EmbeddedPostgres, type EmbeddedPostgresOptions, startEmbeddedPostgres } from './start.ts'

const MIB = 1024 ** 2
const GIB = 1024 ** 3

/** How PostgreSQL refuses settings that are too much for the machine, or unknown to its build. */
const REFUSES_SETTINGS =
  /could not map anonymous shared memory|could not create shared memory segment|invalid value for parameter/

/** The machine's memory, or as much of it as this process may use. */
export function usableMemoryBytes(): number {
  // 0 or far more than there is: no limit.
  return Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY)
}

/** Settings for a PostgreSQL that shares the machine with its only client. What makes a commit durable is not among them. */
export function tuningFor(memoryBytes: number): Record<string, string> {
  // The usual quarter, so that the indexes of 10,000,000 contacts fit on a machine of 24 GiB; never less than
  // PostgreSQL's own default. Each GiB takes 20 MB before there are any data, hence a limit.
  const sharedBuffers = Math.min(8 * GIB, Math.max(128 * MIB, Math.floor(memoryBytes / 4)))
  return {
    shared_buffers: megabytes(sharedBuffers),
    effective_cache_size: megabytes(Math.max(sharedBuffers, memoryBytes / 2)),
    // Fewer checkpoints mean fewer whole pages in the log; no more log than memory, as small machines have small disks.
    max_wal_size: megabytes(Math.min(4 * GIB, Math.max(GIB, sharedBuffers))),
    checkpoint_timeout: '15min',
    // Two servers that bring the same two new customers crosswise wait for each other until PostgreSQL looks
    // (docs/decisions/0041-a-contact-claims-its-values.md): a second, if nobody says otherwise.
    deadlock_timeout: '100ms',
  }
}

export interface TunedPostgresOptions extends EmbeddedPostgresOptions {
  /** Gets a line where PostgreSQL cannot have the settings for this machine. */
  readonly onWarning?: (line: string) => void
}

/** Starts the embedded PostgreSQL with settings for this machine; without them where it refuses, which is said. */
export async function startTunedPostgres({
  onWarning = () => {},
  ...options
}: TunedPostgresOptions): Promise<EmbeddedPostgres> {
  try {
    return await startEmbeddedPostgres({
      ...options,
      settings: { ...tuningFor(usableMemoryBytes()), ...options.settings },
    })
  } catch (error) {
    if (!(error instanceof EmbeddedPostgresFailure && REFUSES_SETTINGS.test(error.message))) throw error
    onWarning(
      `${error.message}. Starting with PostgreSQL's own settings, which are slower; give the server more memory`,
    )
    const { max_connections } = options.settings ?? {}
    return startEmbeddedPostgres({ ...options, settings: max_connections ? { max_connections } : {} })
  }
}

function megabytes(bytes: number): string {
  return `${Math.floor(bytes / MIB)}MB`
}
