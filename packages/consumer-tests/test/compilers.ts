import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export interface Compiler {
  readonly name: string
  /** The path of the program, which Node runs. */
  readonly tsc: string
}

export const [TYPESCRIPT_5, TYPESCRIPT_6, TYPESCRIPT_7] = ['typescript', 'typescript-6', 'typescript-7'].map(
  compilerOf,
) as [Compiler, Compiler, Compiler]

/** The compilers that consumers have. */
export const COMPILERS: readonly Compiler[] = [TYPESCRIPT_5, TYPESCRIPT_6, TYPESCRIPT_7]

function compilerOf(alias: string): Compiler {
  const manifestFile = fileURLToPath(import.meta.resolve(`${alias}/package.json`))
  const { version } = JSON.parse(readFileSync(manifestFile, 'utf8')) as { version: string }
  return {
    name: `TypeScript ${version}`,
    tsc: fileURLToPath(new URL('bin/tsc', import.meta.resolve(`${alias}/package.json`))),
  }
}
