import { closeSync, fchmodSync, fstatSync, openSync, statSync, unlinkSync, writeSync } from 'node:fs'
import { UsageError } from '../failure.ts'
import { unwritableFile } from '../files.ts'
import type { Refusal } from '../orders/read-order.ts'

const OWNER_ONLY = 0o600

/** Where refused rows go, one JSON object a line. Reasons quote values, so that only the owner may read it. */
export class RejectsFile implements Disposable {
  readonly path: string
  readonly #fd: number
  #isEmpty = true

  /**
   * What an earlier run wrote is replaced: every run reads the whole file, and refuses the same rows again.
   * @throws UsageError where it is the file that is imported
   * @throws Failure where it cannot be written
   */
  constructor(path: string, inputFile: string) {
    if (inputFile !== '-' && isSameFile(path, inputFile)) {
      throw new UsageError(`--rejected must not be the file that is imported; found ${JSON.stringify(path)}.`)
    }
    this.path = path
    try {
      this.#fd = openSync(path, 'w', OWNER_ONLY)
    } catch (error) {
      throw unwritableFile(path, '--rejected', error)
    }
    if (this.#isRegular()) fchmodSync(this.#fd, OWNER_ONLY)
  }

  write(refused: readonly Refusal[]): void {
    if (refused.length === 0) return
    this.#isEmpty = false
    writeSync(this.#fd, refused.map((refusal) => `${JSON.stringify(refusal)}\n`).join(''))
  }

  /** A file without a row would only raise questions. */
  [Symbol.dispose](): void {
    if (this.#isEmpty && this.#isRegular()) unlinkSync(this.path)
    closeSync(this.#fd)
  }

  #isRegular(): boolean {
    return fstatSync(this.#fd).isFile()
  }
}

function isSameFile(a: string, b: string): boolean {
  const [first, second] = [a, b].map((path) => statSync(path, { throwIfNoEntry: false }))
  return first !== undefined && second !== undefined && first.ino === second.ino && first.dev === second.dev
}
