import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

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
  const codeBlocks = /```ts( test)?\n(.*?)```\n(?:\n```(?:text|json)\n(.*?)```)?/gs
  const code = [...markdown.matchAll(codeBlocks)].map(([, isTest, code, prints]) => ({ isTest, code: code!, prints }))
  return {
    installs: [...markdown.matchAll(/^npm install .*$/gm)].map(([command]) => command),
    examples: code.filter(({ isTest }) => !isTest),
    tests: code.filter(({ isTest }) => isTest).map(({ code }) => code),
  }
}
