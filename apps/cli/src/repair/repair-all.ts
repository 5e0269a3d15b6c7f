import { INVARIANTS, type InvariantName, Pool, type Repaired, repair } from '@identity/core/postgres'
import { openCommandDatabase } from '../database/command-database.ts'
import { workspaceNamed } from '../database/workspace-named.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import type { Context } from '../run.ts'
import { Display } from '../terminal/display.ts'
import { grouped } from '../terminal/figures.ts'
import type { CheckOptions } from '../verify/options.ts'
import { linesOf } from '../verify/report.ts'
import { verifyDatabase } from '../verify/verify-all.ts'

/** It waits for live calls as they wait for it. */
const STATEMENT_TIMEOUT_MS = 60_000

export interface RepairAllOptions extends CheckOptions {
  readonly isDryRun: boolean
  readonly patienceMs: number
}

/** Repairs, and says what it did and what is left. */
export async function repairAll(options: RepairAllOptions, { env, signal }: Context): Promise<ExitCode> {
  const { workspace, isDryRun, isJson } = options
  await using database = await openCommandDatabase(env)
  const workspaceId = workspace === undefined ? undefined : await workspaceNamed(workspace, database.url)
  const repaired = isDryRun ? {} : await repairDatabase(database.url, workspaceId, options, signal)
  const verification = await verifyDatabase(database.url, workspaceId, signal)
  if (isJson) console.log(JSON.stringify({ repaired, ...verification }))
  else console.log([...linesOfRepaired(repaired, isDryRun), ...linesOf(verification)].join('\n'))
  return verification.holds ? EXIT.ok : EXIT.faultsFound
}

async function repairDatabase(
  url: string,
  workspaceId: number | undefined,
  { patienceMs }: RepairAllOptions,
  signal: AbortSignal,
): Promise<Repaired> {
  const pool = new Pool(url, { maxConnections: 1, statementTimeoutMs: STATEMENT_TIMEOUT_MS })
  const display = new Display()
  const startedAtMs = Date.now()
  try {
    return await repair(pool, {
      workspaceId,
      patienceMs,
      signal,
      onProgress: (rows) =>
        display.show({ rows, bytesRead: rows, bytesTotal: undefined, elapsedMs: Date.now() - startedAtMs }),
    })
  } finally {
    display.clear()
    await pool.end({ timeoutMs: 1_000 })
  }
}

function linesOfRepaired(repaired: Repaired, isDryRun: boolean): string[] {
  if (isDryRun) return ['Nothing was written: this was a dry run.']
  const lines = Object.entries(repaired).map(
    ([name, count]) => `${grouped(count)} repaired: ${INVARIANTS[name as InvariantName].repair}.`,
  )
  return lines.length > 0 ? lines : ['There was nothing to repair.']
}
