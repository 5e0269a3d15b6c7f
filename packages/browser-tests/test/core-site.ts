import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serve } from '@identity/testkit'
import { build } from 'tsdown'

const CORE = fileURLToPath(new URL('../../core/', import.meta.url))
const PHONE_NUMBERS = dirname(createRequire(CORE).resolve('libphonenumber-js/package.json'))

const PAGE = `<!doctype html>
<link rel="icon" href="data:,">
<script type="importmap">{ "imports": { "libphonenumber-js": "/libphonenumber-js/index.js" } }</script>
<script type="module">
  import * as core from '/core/index.js'
  globalThis.core = core
</script>
`

/** The core as it is published, on a web page that makes it `globalThis.core`. Use with `await using`. */
export interface CoreSite extends AsyncDisposable {
  readonly url: string
  /** The text of the core's own scripts that pages have loaded. */
  readonly scripts: ReadonlyMap<string, string>
}

/** Builds the core and serves the files as they are: the browser follows their imports, so none is left out. */
export async function serveCore(): Promise<CoreSite> {
  const dist = mkdtempSync(join(tmpdir(), 'identity-core-'))
  await build({ cwd: CORE, outDir: dist, dts: false, logLevel: 'error' })
  const scripts = new Map<string, string>()
  const server = await serve((request, response) => {
    const { pathname } = new URL(request.url!, 'http://127.0.0.1')
    if (pathname === '/') return void response.setHeader('content-type', 'text/html').end(PAGE)
    const [, folder, ...path] = pathname.split('/')
    const file = join(folder === 'core' ? dist : PHONE_NUMBERS, ...path)
    if (!path.length || !existsSync(file)) return void response.writeHead(404).end()
    const text = readFileSync(file, 'utf8')
    if (folder === 'core') scripts.set(pathname, text)
    response.setHeader('content-type', 'text/javascript').end(text)
  })
  return {
    url: `${server.url}/`,
    scripts,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      rmSync(dist, { recursive: true })
    },
  }
}
