import { dirname } from 'node:path'
import { canEnter } from '../../src/server-user.ts'

/** Whom a process of a test runs as. */
export interface User {
  readonly uid: number
  readonly gid: number
}

export const isRoot = process.getuid?.() === 0

/** `daemon`, who has an account on every Unix. Not `nobody`, whom the launcher picks by itself. */
const SOMEBODY: User = { uid: 1, gid: 1 }

/** An id without an account, as containers give out. */
export const STRANGER: User = { uid: 54_321, gid: 54_321 }

/** For a test by root: somebody else, if that user can reach this checkout and its Node. */
export const somebody: User | undefined =
  isRoot && [import.meta.dirname, dirname(process.execPath)].every((folder) => canEnter(folder, SOMEBODY))
    ? SOMEBODY
    : undefined

/** Everyone that the tests can run a process as, root and an ordinary user where they may. */
export const users: ReadonlyArray<{ name: string; user?: User }> = [
  { name: isRoot ? 'root' : 'an ordinary user' },
  ...(somebody ? [{ name: 'an ordinary user', user: somebody }] : []),
]
