import { openClient, type Verification, verify } from '@identity/core/postgres'
import { openCommandDatabase } from '../database/command-database.ts'
import { workspaceNamed } from '../database/workspace-named.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import type { Context } from '../run.ts'
import { Display } from '../terminal/display.ts'
import type { CheckOptions } from './options.ts'
import { linesOf } from './report.ts'

/** Checks every row and says what it found. */
export async function verifyAll({ workspace, isJson }: CheckOptions, { env, signal }: Context): Promise<ExitCode> {
  await using database = await openCommandDatabase(env)
  const workspaceId = workspace === undefined ? undefined : await workspaceNamed(workspace, database.url)
  const verification = await verifyDatabase(database.url, workspaceId, signal)
  console.log(isJson ? JSON.stringify(verification) : linesOf(verification).join('\n'))
  return verification.holds ? EXIT.ok : EXIT.faultsFound
}

/** Verifies with progress on standard error. @throws where it was interrupted */
export async function verifyDatabase(
  url: string,
  workspaceId: number | undefined,
  signal: AbortSignal,
): Promise<Verification> {
  const client = openClient(url, { statementTimeoutMs: 0 })
  const display = new Display()
  const startedAtMs = Date.now()
  try {
    return await verify(client, {
      workspaceId,
      onProgress: ({ rows, rowsTotal }) => {
        signal.throwIfAborted()
        display.show({ rows, bytesRead: rows, bytesTotal: rowsTotal, elapsedMs: Date.now() - startedAtMs })
      },
    })
  } finally {
    display.clear()
    await client.end({ timeout: 0 })
  }
}
