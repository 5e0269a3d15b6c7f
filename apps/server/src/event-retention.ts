import { deleteOldEvents, listWorkspaces, type Pool } from '@identity/core/postgres'
import type { Logger } from 'pino'
import { pause } from './pause.ts'

const DAY_MS = 24 * 60 * 60 * 1_000
const INTERVAL_MS = 60 * 60 * 1_000
/** Between two steps, so that a long log costs the service little at a time. */
const PAUSE_MS = 50

/** Deletes, every hour and step by step, events that are older than so many days, until the signal is aborted. */
export async function deleteEventsAsTheyAge(
  pool: Pool,
  retentionDays: number,
  { logger, stopping }: { logger: Logger; stopping: AbortSignal },
): Promise<void> {
  while (!stopping.aborted) {
    const before = new Date(Date.now() - retentionDays * DAY_MS)
    try {
      for (const { id } of await pool.use(listWorkspaces)) {
        while (!stopping.aborted && (await deleteOldEvents(pool, id, before))) await pause(PAUSE_MS, stopping)
      }
    } catch (error) {
      if (!stopping.aborted) logger.warn({ err: error }, 'old events could not be deleted; tried again in an hour')
    }
    await pause(INTERVAL_MS, stopping)
  }
}
