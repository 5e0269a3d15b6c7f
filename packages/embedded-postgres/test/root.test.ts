import { spawnSync } from 'node:child_process'
import { chmodSync, lstatSync, mkdirSync, realpathSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { copyCheckout } from './support/checkout-copy.ts'
import { launch } from './support/launcher.ts'
import { postmasterPid, uidOf } from './support/processes.ts'
import { leaveMark, readMark } from './support/sql.ts'
import { deleteHome, temporaryFolder } from './support/temporary-folder.ts'
import { isRoot, STRANGER } from './support/users.ts'

const homeOf = (dataDir: string) => join(dataDir, 'postgres')

describe.runIf(isRoot)('started by root', () => {
  it("runs as an unprivileged user, with the data in root's folder", async () => {
    await using folder = temporaryFolder()
    await using launcher = launch(folder.dataDir)
    await launcher.url
    expect(uidOf(postmasterPid(folder.dataDir)!)).toBeGreaterThan(0)
    expect(realpathSync(homeOf(folder.dataDir))).toBe(homeOf(folder.dataDir))
    expect(lstatSync(homeOf(folder.dataDir)).mode & 0o777).toBe(0o700)
  })

  it.each([
    { what: 'a folder that only root may enter', mode: 0o700, shell: 'true' },
    { what: 'a strict umask', mode: 0o755, shell: 'umask 077' },
  ])('keeps the data elsewhere for $what, and a deleted data folder is a fresh start', async ({ mode, shell }) => {
    await using folder = temporaryFolder({ mode })
    await using first = launch(folder.dataDir, { shell })
    await leaveMark(await first.url)
    await first.stop()
    expect(lstatSync(homeOf(folder.dataDir)).isSymbolicLink()).toBe(true)

    await using second = launch(folder.dataDir, { shell })
    expect(await readMark(await second.url)).toBe(42)
    await second.stop()

    deleteHome(folder.dataDir)
    await using third = launch(folder.dataDir, { shell })
    await expect(third.url.then(readMark)).rejects.toThrow('does not exist')
  })

  it('starts afresh when the place elsewhere is gone', async () => {
    await using folder = temporaryFolder({ mode: 0o700 })
    mkdirSync(folder.dataDir)
    symlinkSync(join(folder.path, 'gone'), homeOf(folder.dataDir))
    await using launcher = launch(folder.dataDir)
    await leaveMark(await launcher.url)
  })

  it('follows a symlink into a folder that only root may enter', async () => {
    await using locked = temporaryFolder({ mode: 0o700 })
    await using open = temporaryFolder()
    mkdirSync(locked.dataDir)
    symlinkSync(locked.dataDir, open.dataDir)
    await using launcher = launch(open.dataDir)
    await leaveMark(await launcher.url)
  })

  it('runs from a checkout that only root may enter and read', async () => {
    await using folder = temporaryFolder({ mode: 0o700 })
    const script = copyCheckout(join(folder.path, 'checkout'))
    spawnSync('chmod', ['-R', 'go-rwx', join(folder.path, 'checkout')])
    await using first = launch(folder.dataDir, { script })
    await leaveMark(await first.url)
    await first.stop()
    await using second = launch(folder.dataDir, { script })
    expect(await readMark(await second.url)).toBe(42)
  })

  it("runs on a folder of somebody's who has no account, as in a container", async () => {
    await using folder = temporaryFolder({ user: STRANGER })
    await using first = launch(folder.dataDir)
    await leaveMark(await first.url)
    await first.stop()
    await using second = launch(folder.dataDir)
    expect(await readMark(await second.url)).toBe(42)
  })

  it('says so when the folder has been locked away since', async () => {
    await using folder = temporaryFolder()
    await using first = launch(folder.dataDir)
    await first.url
    await first.stop()
    chmodSync(folder.path, 0o700)
    await using second = launch(folder.dataDir)
    await expect(second.url).rejects.toThrow(/EmbeddedPostgresFailure: user \d+.* can no longer enter/)
    chmodSync(folder.path, 0o755)
  })
})
