import { accessSync, constants, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { Failure } from './failure.ts'

/** Why a file that the user named cannot be read, and what to do. @param error the system's */
export function unreadableFile(file: string, error: unknown): Failure {
  const remedies: Readonly<Record<string, string>> = {
    ENOENT: 'There is no such file. Check its name and the folder you are in.',
    ENOTDIR: 'What stands before its last / is no folder. Check its name.',
    EISDIR: 'It is a folder. Name a file in it.',
    EACCES: 'You may not read it. Run the command as a user who may.',
  }
  return new Failure(`${JSON.stringify(file)} cannot be read. ${remedies[codeOf(error)] ?? reasonOf(error)}`, {
    cause: error,
  })
}

/**
 * Why a file cannot be written, and what to do.
 * @param option the option that names the file
 * @param error the system's
 */
export function unwritableFile(file: string, option: string, error: unknown): Failure {
  const folder = JSON.stringify(dirname(file))
  const another = `name another file with ${option}`
  const remedies: Readonly<Record<string, string>> = {
    ENOENT: `There is no folder ${folder}. Make it, or ${another}.`,
    ENOTDIR: `${folder} is no folder. Name another file with ${option}.`,
    EISDIR: `It is a folder. Name a file in it with ${option}.`,
    EACCES: `You may not write there. Get the right to, or ${another}.`,
    EROFS: `Nothing can be written there. Name another file with ${option}.`,
  }
  return new Failure(`${JSON.stringify(file)} cannot be written. ${remedies[codeOf(error)] ?? reasonOf(error)}`, {
    cause: error,
  })
}

/**
 * Tells before the work whether a file can be put under a name. @param option the option that names it
 * @throws Failure
 */
export function checkWritable(file: string, option: string): void {
  try {
    // The system names a folder that is none only where something in it is asked for.
    accessSync(`${dirname(file)}/.`, constants.W_OK)
  } catch (error) {
    throw unwritableFile(file, option, error)
  }
  if (!statSync(file, { throwIfNoEntry: false })?.isDirectory()) return
  throw unwritableFile(file, option, Object.assign(new Error('is a folder'), { code: 'EISDIR' }))
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.message}.` : ''
}
