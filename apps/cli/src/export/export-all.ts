import { createWriteStream, existsSync, renameSync, rmSync, statSync } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { openClient } from '@identity/core/postgres'
import { openCommandDatabase } from '../database/command-database.ts'
import { workspaceNamed } from '../database/workspace-named.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import { checkWritable } from '../files.ts'
import type { Context } from '../run.ts'
import { counted } from '../terminal/figures.ts'
import type { ExportOptions } from './command.ts'
import { type Losses, linesOf } from './lines.ts'

const OWNER_ONLY = 0o600

/**
 * Writes the export; a file appears under its name only when it is whole.
 * @throws Failure before anything is read, where the file cannot be written
 */
export async function exportAll(options: ExportOptions, { env, signal }: Context): Promise<ExitCode> {
  if (options.output !== undefined) checkWritable(options.output, '--output')
  await using database = await openCommandDatabase(env)
  const workspaceId = await workspaceNamed(options.workspace, database.url)
  const client = openClient(database.url, { statementTimeoutMs: 0 })
  const losses: Losses = { persons: 0 }
  try {
    await writeTo(
      options.output,
      Readable.from(linesOf(client, workspaceId, options, losses), { objectMode: false }),
      signal,
    )
  } finally {
    await client.end({ timeout: 0 })
  }
  if (losses.persons > 0) {
    console.error(
      `${counted(losses.persons, 'person')} would come apart in an import: what joined their contacts has been deleted or released.`,
    )
  }
  return EXIT.ok
}

async function writeTo(output: string | undefined, text: Readable, signal: AbortSignal): Promise<void> {
  if (output === undefined) {
    await pipeline(text, process.stdout, { end: false, signal }).catch(unlessReaderLeft)
    return
  }
  const packing = output.endsWith('.gz') ? [createGzip()] : []
  // A device or a pipe is written to as it is: a file would take its place.
  if (existsSync(output) && !statSync(output).isFile()) {
    await pipeline([text, ...packing, createWriteStream(output)], { signal })
    return
  }
  const partial = `${output}.partial`
  rmSync(partial, { force: true })
  try {
    await pipeline([text, ...packing, createWriteStream(partial, { mode: OWNER_ONLY, flush: true })], { signal })
    renameSync(partial, output)
  } catch (error) {
    rmSync(partial, { force: true })
    throw error
  }
}

/** As `head` does when it has seen enough. */
function unlessReaderLeft(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
}
