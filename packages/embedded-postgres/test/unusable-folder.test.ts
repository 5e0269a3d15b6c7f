import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { launch } from './support/launcher.ts'
import { leaveMark } from './support/sql.ts'
import { temporaryFolder } from './support/temporary-folder.ts'
import { isRoot, somebody, users } from './support/users.ts'

describe.each(users)('as $name', ({ user }) => {
  it('says so when the data folder is a file', async () => {
    await using folder = temporaryFolder({ user })
    writeFileSync(folder.dataDir, '')
    await using launcher = launch(folder.dataDir, { user })
    await expect(launcher.url).rejects.toThrow(`EmbeddedPostgresFailure: ${folder.dataDir} is a file, not a folder\n`)
  })

  it('says so when a file is in the way', async () => {
    await using folder = temporaryFolder({ user })
    writeFileSync(folder.dataDir, '')
    const dataDir = join(folder.dataDir, 'below', 'it')
    await using launcher = launch(dataDir, { user })
    await expect(launcher.url).rejects.toThrow(
      `EmbeddedPostgresFailure: the embedded PostgreSQL cannot use the folder ${dataDir} (`,
    )
  })

  it('says so when the disk is full, and starts when it no longer is', async () => {
    await using folder = temporaryFolder({ user })
    // The limit on a file's size stands for the full disk: both are writes that fail.
    await using launcher = launch(folder.dataDir, { user, shell: 'ulimit -f 64' })
    await expect(launcher.url).rejects.toThrow(
      `EmbeddedPostgresFailure: no database could be made in ${join(folder.dataDir, 'postgres')}: `,
    )
    expect(readdirSync(join(folder.dataDir, 'postgres'))).toEqual(['password'])
    await using next = launch(folder.dataDir, { user })
    await leaveMark(await next.url)
  })
})

// Nothing is forbidden to root.
describe.runIf(!isRoot || somebody).each([
  { what: 'is read-only', mode: 0o555 },
  { what: 'is locked', mode: 0o000 },
])('a folder that $what', ({ mode }) => {
  it.each([
    { where: 'is the data folder', below: '.' },
    { where: 'is to hold the data folder', below: 'new' },
  ])('$where', async ({ below }) => {
    await using folder = temporaryFolder({ user: somebody })
    mkdirSync(folder.dataDir, { mode })
    const dataDir = join(folder.dataDir, below)
    await using launcher = launch(dataDir, { user: somebody })
    await expect(launcher.url).rejects.toThrow(`cannot use the folder ${dataDir} (EACCES: permission denied`)
  })
})
