import type { Writable } from 'node:stream'

/** Whether anybody reads what is written. */
export interface Reader extends Disposable {
  /** Aborted when nothing can be written any more: as `head` has seen enough, or as the disk is full. */
  readonly signal: AbortSignal
  /** @throws Error of the system's where something else than the reader ended it */
  throwUnlessLeft(): void
}

/** Use with `using`. What is printed with `console.log` fails in silence otherwise. */
export function readerOf(stream: Writable): Reader {
  const controller = new AbortController()
  const end = (error: Error) => controller.abort(error)
  stream.on('error', end)
  return {
    signal: controller.signal,
    throwUnlessLeft() {
      const { aborted, reason } = controller.signal
      if (aborted && reason.code !== 'EPIPE') throw reason
    },
    [Symbol.dispose]: () => stream.off('error', end),
  }
}
