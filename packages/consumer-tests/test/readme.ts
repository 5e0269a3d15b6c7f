import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { codeBlocks } from '@identity/testkit'

/** A program in a README. */
export interface Example {
  readonly code: string
  /** What the README says that it prints: the `text` or `json` right after the code. */
  readonly prints: string | undefined
}

export interface Readme {
  /** The commands that install something. */
  readonly installs: readonly string[]
  readonly examples: readonly Example[]
  /** What is marked as a test: code for vitest. */
  readonly tests: readonly string[]
}

/** @param name the package's folder in `packages` */
export function readReadme(name: string): Readme {
  const markdown = readFileSync(fileURLToPath(new URL(`../../${name}/README.md`, import.meta.url)), 'utf8')
  const blocks = codeBlocks(markdown)
  return {
    installs: [...markdown.matchAll(/^npm install .*$/gm)].map(([command]) => command),
    examples: blocks.filter(({ language }) => language === 'ts').map(({ code, answer }) => ({ code, prints: answer })),
    tests: blocks.filter(({ language }) => language === 'ts test').map(({ code }) => code),
  }
}
