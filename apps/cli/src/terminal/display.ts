import { barOf, lineOf, type Progress } from './progress.ts'

const REDRAW_MS = 100
const LINE_MS = 10_000
const CLEAR_LINE = '\r\u001b[K'

/** What the user sees while an import runs, on standard error: a bar on a terminal, a line now and then elsewhere. */
export class Display {
  readonly #stream: NodeJS.WriteStream
  #shownAtMs = Date.now()
  #hasBar = false

  constructor(stream: NodeJS.WriteStream = process.stderr) {
    this.#stream = stream
  }

  show(progress: Progress): void {
    const now = Date.now()
    if (now - this.#shownAtMs < (this.#stream.isTTY ? REDRAW_MS : LINE_MS)) return
    this.#shownAtMs = now
    if (!this.#stream.isTTY) {
      this.#stream.write(`${lineOf(progress)}\n`)
      return
    }
    this.#stream.write(`${CLEAR_LINE}${barOf({ ...progress, columns: this.#stream.columns })}`)
    this.#hasBar = true
  }

  /** A line that stays. */
  say(line: string): void {
    this.clear()
    this.#stream.write(`${line}\n`)
  }

  clear(): void {
    if (this.#hasBar) this.#stream.write(CLEAR_LINE)
    this.#hasBar = false
  }
}
