import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'tsdown'

const CLIENT = fileURLToPath(new URL('../../client/', import.meta.url))

/** The client and all that it imports, as one script that makes it `globalThis.identityClient`. */
export async function clientScript(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'identity-client-'))
  try {
    await build({
      config: false,
      cwd: CLIENT,
      entry: { client: 'src/index.ts' },
      format: 'iife',
      globalName: 'identityClient',
      platform: 'browser',
      target: 'es2023',
      outDir: folder,
      deps: { alwaysBundle: [/./], onlyBundle: false },
      dts: false,
      logLevel: 'error',
    })
    return readFileSync(join(folder, 'client.iife.js'), 'utf8')
  } finally {
    rmSync(folder, { recursive: true })
  }
}
