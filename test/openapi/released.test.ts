import { join } from 'node:path'
import { expect, it } from 'vitest'
import { remedy, unannounced } from '../../scripts/openapi-changes/announced.ts'
import { readChangesets } from '../../scripts/openapi-changes/changesets.ts'
import { compareOpenApi } from '../../scripts/openapi-changes/compare.ts'
import { currentDocument, releasedDocument } from '../../scripts/openapi-changes/released.ts'

const changesets = readChangesets(join(import.meta.dirname, '../../.changeset'))

it('every breaking change since the last release is announced', () => {
  const released = releasedDocument()
  const changes = compareOpenApi(released, currentDocument())
  const { version } = released.info
  expect(unannounced(changes, changesets, version), remedy(version)).toEqual([])
})

it('the released document is that of the version the packages have', () => {
  expect(releasedDocument().info.version).toBe(currentDocument().info.version)
})
