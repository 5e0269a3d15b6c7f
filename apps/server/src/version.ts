import { readFileSync } from 'node:fs'

/** `src` and `dist` are equally deep, so that this leads to the manifest from either. */
const MANIFEST = new URL('../package.json', import.meta.url)

/** The version of apps/server/package.json, which releases raise; the OpenAPI document carries it. */
export const VERSION = (JSON.parse(readFileSync(MANIFEST, 'utf8')) as { version: string }).version
