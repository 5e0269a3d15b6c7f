import { spawnSync } from 'node:child_process'
import { lchownSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Whom PostgreSQL runs as; undefined: as this process does. */
export interface ServerUser {
  readonly uid: number
  readonly gid: number
}

const isRoot = process.getuid?.() === 0

/** `nobody`; macOS counts him as -2, which not every call takes, so there it is `daemon`. */
const UNPRIVILEGED: ServerUser = process.platform === 'darwin' ? { uid: 1, gid: 1 } : { uid: 65534, gid: 65534 }

/**
 * PostgreSQL refuses to run as root. Started by root, it runs as the owner of its data, or at the first start of the
 * data folder, so that the owner can start it later without root. Where that is root himself, or a bare number as
 * containers give out (initdb insists on an account), an unprivileged account stands in.
 */
export function serverUser(dataDir: string): ServerUser | undefined {
  if (!isRoot) return undefined
  const home = statSync(join(dataDir, 'postgres'), { throwIfNoEntry: false })
  if (home && home.uid !== 0) return { uid: home.uid, gid: home.gid }
  const { uid, gid } = statSync(dataDir)
  return uid !== 0 && hasAccount({ uid, gid }) ? { uid, gid } : UNPRIVILEGED
}

function hasAccount(user: ServerUser): boolean {
  // Only a clear no counts.
  return spawnSync('id', ['-un'], { ...user, cwd: '/' }).status !== 1
}

/** True when the user can reach the folder: every folder on the way lets him pass. */
export function canEnter(folder: string, user: ServerUser | undefined): boolean {
  if (!user) return true
  const { uid, gid, mode } = statSync(folder)
  const passes = uid === user.uid ? mode & 0o100 : gid === user.gid ? mode & 0o010 : mode & 0o001
  const parent = dirname(folder)
  return passes !== 0 && (parent === folder || canEnter(parent, user))
}

export function giveTo(user: ServerUser | undefined, path: string): void {
  if (user) lchownSync(path, user.uid, user.gid)
}

/** What root makes belongs to whoever owns the folder around it: root may be only helping out. */
export function inheritOwner(path: string): void {
  if (isRoot) giveTo(statSync(dirname(path)), path)
}
