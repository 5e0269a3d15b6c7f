import { expect, it } from 'vitest'
import { remedy } from '../../scripts/openapi-changes/announced.ts'
import { changesSinceRelease, currentDocument, releasedDocument } from '../../scripts/openapi-changes/released.ts'

it('every breaking change since the last release is announced', () => {
  const { version, surprises } = changesSinceRelease()
  expect(surprises, remedy(version)).toEqual([])
})

it('the released document is that of the version the packages have', () => {
  expect(releasedDocument().info.version).toBe(currentDocument().info.version)
})
