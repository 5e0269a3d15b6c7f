import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { codeBlocks } from '@identity/testkit'
import { expect, it } from 'vitest'

const PACKAGE = new URL('../', import.meta.url)
const README = readFileSync(new URL('README.md', PACKAGE), 'utf8')

it('the lines that matter print what the README says', () => {
  const { code, answer } = codeBlocks(README).find(({ language }) => language === 'js')!
  const args = ['--conditions=@identity/source', '--input-type=module', '--eval', code]
  expect(execFileSync(process.execPath, args, { cwd: fileURLToPath(PACKAGE), encoding: 'utf8' })).toBe(answer)
})
