import { delimiter, join } from 'node:path'
import { isExecutable } from '@identity/testkit'
import { type Browser, chromium } from 'playwright-core'
import { hasPackedChromium, unpackChromium } from './packed-chromium.ts'

const COMMANDS = ['chromium', 'google-chrome', 'google-chrome-stable']
const MAC_APPS = ['Chromium', 'Google Chrome'].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`)

const installed = process.env.CHROMIUM_PATH || installedBrowser()

/** False where there is neither an installed browser nor a packed one: such tests can only be skipped. */
export const hasBrowser = installed !== undefined || hasPackedChromium

/** Starts the machine's own browser, or else the npm package's. Use with `await using`. */
export async function launchBrowser(): Promise<Browser> {
  // The router of a test sees what pages ask for; this also stops what the browser asks for by itself.
  const args = ['--disable-gpu', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1']
  if (installed) return chromium.launch({ executablePath: installed, args })
  const folder = await unpackChromium()
  // A bare machine lacks some shared libraries, and fonts: fontconfig also looks into the user's data.
  const env = { ...process.env, LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'), XDG_DATA_HOME: folder }
  return chromium.launch({ executablePath: join(folder, 'chromium'), args, env })
}

function installedBrowser(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const inPath = folders.flatMap((folder) => COMMANDS.map((command) => join(folder, command)))
  return [...inPath, ...MAC_APPS].find(isExecutable)
}
