import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { CoreParts } from '../src/simulation/process.ts'

const CORE = fileURLToPath(new URL('../../core', import.meta.url))

/** A fault to put into the engine: in one file, one piece of its text becomes another. */
export interface Mutation {
  readonly file: string
  readonly from: string
  readonly to: string
}

/** The engine with a fault in it, from a copy of its source that is gone afterwards. Use with `using`. */
export async function mutateEngine({ file, from, to }: Mutation): Promise<CoreParts & Disposable> {
  const folder = mkdtempSync(join(tmpdir(), 'identity-mutant-'))
  using undo = new DisposableStack()
  undo.defer(() => rmSync(folder, { recursive: true, force: true }))
  cpSync(join(CORE, 'src'), join(folder, 'src'), { recursive: true })
  cpSync(join(CORE, 'package.json'), join(folder, 'package.json'))
  symlinkSync(join(CORE, 'node_modules'), join(folder, 'node_modules'))
  const path = join(folder, 'src', file)
  const parts = readFileSync(path, 'utf8').split(from)
  if (parts.length !== 2)
    throw new Error(`${file} has this ${parts.length - 1} times, not once; mend the test: ${from}`)
  writeFileSync(path, parts.join(to))
  const { Pool, PostgresStore, applyBlocks } = (await import(
    pathToFileURL(join(folder, 'src/postgres/index.ts')).href
  )) as CoreParts
  const mutant = undo.move()
  return { Pool, PostgresStore, applyBlocks, [Symbol.dispose]: () => mutant.dispose() }
}
