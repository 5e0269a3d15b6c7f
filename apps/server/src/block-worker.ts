import { applyBlocks, type Pool, workspacesToApply } from '@identity/core/postgres'
import type { Logger } from 'pino'
import { pause } from './pause.ts'

/** How often is looked for rules that are to be applied: one small statement for all workspaces. */
const INTERVAL_MS = 1_000
/** Between two steps, so that the service is hardly slower for them. */
const PAUSE_MS = 20
/** How long a step is repeated while the database is away. */
const PATIENCE_MS = 10_000

/**
 * Applies block rules to the persons there are, step by step, until the signal is aborted. Several servers may do so: what
 * is done twice changes nothing, and the first that has done all of it tells the others, by the database.
 */
export async function applyBlocksAsTheyCome(
  pool: Pool,
  { logger, stopping }: { logger: Logger; stopping: AbortSignal },
): Promise<void> {
  while (!stopping.aborted) {
    try {
      for (const workspaceId of await workspacesToApply(pool)) {
        const steps = applyBlocks(pool, workspaceId, { patienceMs: PATIENCE_MS })
        while (!stopping.aborted) {
          const { done, value: outcome } = await steps.next()
          if (outcome === 'done') logger.info({ workspaceId }, 'all block rules are applied')
          if (done) break
          await pause(PAUSE_MS, stopping)
        }
      }
    } catch (error) {
      if (!stopping.aborted) logger.warn({ err: error }, 'block rules could not be applied; tried again in a second')
    }
    await pause(INTERVAL_MS, stopping)
  }
}
