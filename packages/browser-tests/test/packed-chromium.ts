import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inflate } from '@sparticuz/chromium'

const PACKAGE = new URL('../', import.meta.resolve('@sparticuz/chromium'))
const CACHE = fileURLToPath(new URL('../node_modules/.cache/', import.meta.url))

/** The npm package carries a browser for this platform alone. */
export const hasPackedChromium = process.platform === 'linux' && process.arch === 'x64'

/** Unpacks the browser of the npm package, once for all runs. @returns the folder it is in */
export async function unpackChromium(): Promise<string> {
  const { version } = JSON.parse(readFileSync(new URL('package.json', PACKAGE), 'utf8')) as { version: string }
  const folder = join(CACHE, `chromium-${version}`)
  if (existsSync(folder)) return folder
  await mkdir(CACHE, { recursive: true })
  const unfinished = mkdtempSync(`${folder}-`)
  try {
    await inflateInto(unfinished, ['chromium.br', 'al2023.tar.br', 'fonts.tar.br'])
    renameSync(unfinished, folder)
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true })
    // Another process may have been first.
    if (!existsSync(folder)) throw error
  }
  return folder
}

/** `inflate` knows no folder but the one for temporary files, and anyone could have put anything there. */
async function inflateInto(folder: string, archives: readonly string[]): Promise<void> {
  const { TMPDIR } = process.env
  process.env.TMPDIR = folder
  try {
    await Promise.all(archives.map((name) => inflate(fileURLToPath(new URL(`bin/${name}`, PACKAGE)))))
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = TMPDIR
  }
}
