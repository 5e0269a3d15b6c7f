import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startServer } from '@identity/testkit'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../../../packages/embedded-postgres/test/support/temporary-folder.ts'

const REMEDY = 'Set DATA_DIR to a folder that this user may write to, or DATABASE_URL to a PostgreSQL of yours.'

it.each([
  { what: 'that is a file', below: '.', complaint: /^\S+ is a file, not a folder\. / },
  {
    what: 'below a file',
    below: 'new',
    complaint: /^the embedded PostgreSQL cannot use the folder \S+ \(E[A-Z]+: .*\)\. /,
  },
])('names a folder $what and the remedy, in one line', async ({ below, complaint }) => {
  await using folder = temporaryFolder()
  writeFileSync(folder.dataDir, '')
  const path = join(folder.dataDir, below)
  const failure = await startServer({ DATA_DIR: path }).catch((error: Error) => error.message)
  const [, message] =
    /^the server ended \(1\) before it was ready:\nThe server cannot start: (.*)\n$/.exec(`${failure}`) ?? []
  expect(message).toMatch(complaint)
  expect(message).toContain(path)
  expect(message).toContain(REMEDY)
})
