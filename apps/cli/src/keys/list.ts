import { type ApiKey, listKeys } from '@identity/core/postgres'
import { withDatabase } from '../database/with-database.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import type { Context } from '../run.ts'
import { parse } from './options.ts'

const HEADER = ['ID', 'WORKSPACE', 'SCOPE', 'STATE', 'CREATED', 'ENDS', 'NAME']

/** A table of all keys, oldest first. */
export async function listAll(args: string[], { env }: Context): Promise<ExitCode> {
  const { workspace } = parse(args, { workspace: { type: 'string' } }).values
  const keys = await withDatabase(env, (db) => listKeys(db, { workspace }))
  console.log(table([HEADER, ...keys.map(cellsOf)]))
  return EXIT.ok
}

function cellsOf({ id, workspace, scope, state, createdAt, expiresAt, revokedAt, name }: ApiKey): string[] {
  return [id, workspace, scope, state, minute(createdAt), minute(revokedAt ?? expiresAt), printable(name ?? '')]
}

function minute(time: Date | null): string {
  return time ? `${time.toISOString().slice(0, 16)}Z` : 'never'
}

/** A name is anybody's text, and a terminal obeys control characters. */
function printable(text: string): string {
  return text.replace(/\p{C}/gu, ' ')
}

function table(rows: readonly string[][]): string {
  const widths = HEADER.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
