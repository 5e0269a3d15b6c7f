/** Numbers that are given out once, whatever becomes of who drew them; but for a crash. */
export class Sequence {
  #last = 0
  #lastOnDisk = 0

  draw(): number {
    return ++this.#last
  }

  /** Goes on after a number, unless it is further. */
  pass(number: number): void {
    this.#last = Math.max(this.#last, number)
  }

  /** With any transaction that commits, all that was drawn before is on disk. */
  flush(): void {
    this.#lastOnDisk = this.#last
  }

  /** What nothing on disk tells of is given out again. */
  crash(): void {
    this.#last = this.#lastOnDisk
  }
}
