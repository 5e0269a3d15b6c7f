import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { openApiDocument } from '@identity/api'
import { unannounced } from './announced.ts'
import { readChangesets } from './changesets.ts'
import { compareOpenApi } from './compare.ts'
import type { Document } from './document.ts'

const RELEASED = new URL('../../packages/api/openapi/released.json', import.meta.url)
const CHANGESETS = fileURLToPath(new URL('../../.changeset', import.meta.url))
const MANIFEST = new URL('../../packages/api/package.json', import.meta.url)

/** The document of the last release, which callers rely on. */
export function releasedDocument(): Document {
  return JSON.parse(readFileSync(RELEASED, 'utf8'))
}

/** The document as the code has it now, under the packages' version. */
export function currentDocument(): Document {
  const { version } = JSON.parse(readFileSync(MANIFEST, 'utf8')) as { version: string }
  return JSON.parse(JSON.stringify(openApiDocument(version)))
}

/** What changed since the last release, and which of it breaks callers without a changeset that says so. */
export function changesSinceRelease() {
  const released = releasedDocument()
  const { version } = released.info
  const changes = compareOpenApi(released, currentDocument())
  return { version, changes, surprises: unannounced(changes, readChangesets(CHANGESETS), version) }
}

/** Part of a release: from here on, callers rely on the current document. */
export function storeReleasedDocument(): void {
  writeFileSync(RELEASED, `${JSON.stringify(currentDocument(), undefined, 2)}\n`)
}
