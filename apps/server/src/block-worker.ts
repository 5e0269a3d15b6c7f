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
 * Applies block rules to the persons there are, step by step, until the signal is aborted. Several servers may do so: how
 * far each rule has come is in the database, and what is done twice changes nothing.
 */
export async function applyBlocksAsTheyCome(
  pool: Pool,
  { logger, stopping }: { logger: Logger; stopping: AbortSignal },
): Promise<void> {
  const step = (workspaceId: number) =>
    applyBlocks(pool, workspaceId, { retry: { deadlineMs: Date.now() + PATIENCE_MS } })
  while (!stopping.aborted) {
    try {
      for (const workspaceId of await workspacesToApply(pool)) {
        while (!stopping.aborted) {
          const outcome = await step(workspaceId)
          if (outcome === 'done') logger.info({ workspaceId }, 'all block rules are applied')
          if (outcome !== 'more') break
          await pause(PAUSE_MS, stopping)
        }
      }
    } catch (error) {
      if (!stopping.aborted) logger.warn({ err: error }, 'block rules could not be applied; tried again in a second')
    }
    await pause(INTERVAL_MS, stopping)
  }
}
