import { spawnSync } from 'node:child_process'
import { chownSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { copyCheckout } from './support/checkout-copy.ts'
import { launch } from './support/launcher.ts'
import { postmasterPid, uidOf } from './support/processes.ts'
import { leaveMark, readMark } from './support/sql.ts'
import { temporaryFolder } from './support/temporary-folder.ts'
import { STRANGER, somebody } from './support/users.ts'

describe.runIf(somebody)('started by root and by the owner in turn', () => {
  it.each([{ order: [undefined, somebody, undefined] }, { order: [somebody, undefined, somebody] }])(
    'keeps the data and takes no file away from the owner: %j',
    async ({ order }) => {
      await using folder = temporaryFolder({ user: somebody! })
      for (const [turn, user] of order.entries()) {
        await using launcher = launch(folder.dataDir, { user })
        if (turn === 0) await leaveMark(await launcher.url)
        expect(await readMark(await launcher.url)).toBe(42)
        expect(uidOf(postmasterPid(folder.dataDir)!)).toBe(somebody!.uid)
        await launcher.stop()
      }
    },
  )
})

describe.runIf(somebody)('started by an ordinary user', () => {
  it('runs from a checkout of which he may change nothing', async () => {
    await using folder = temporaryFolder()
    const script = copyCheckout(join(folder.path, 'checkout'))
    spawnSync('find', [join(folder.path, 'checkout', 'node_modules'), '-type', 'l', '-name', '*.so*', '-delete'])
    mkdirSync(folder.dataDir)
    chownSync(folder.dataDir, somebody!.uid, somebody!.gid)
    await using launcher = launch(folder.dataDir, { script, user: somebody })
    await leaveMark(await launcher.url)
  })

  it('says so when he has no account', async () => {
    await using folder = temporaryFolder({ user: STRANGER })
    await using launcher = launch(folder.dataDir, { user: STRANGER })
    await expect(launcher.url).rejects.toThrow(/EmbeddedPostgresFailure: .*could not look up effective user ID/)
  })
})
