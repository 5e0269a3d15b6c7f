import { chownSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** Whom PostgreSQL runs as; undefined: as this process does. */
export interface ServerUser {
  readonly uid: number
  readonly gid: number
}

/** PostgreSQL needs no account, only an id that is not root's. This one is `nobody` everywhere. */
const NOBODY: ServerUser = { uid: 65534, gid: 65534 }

/**
 * PostgreSQL refuses to run as root. Started by root, it runs as the owner of the folder, so that the owner can start
 * it later without root; a folder of root's own falls to nobody.
 */
export function serverUser(folder: string): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined
  const { uid, gid } = statSync(folder)
  return uid === 0 ? NOBODY : { uid, gid }
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
  if (user) chownSync(path, user.uid, user.gid)
}
