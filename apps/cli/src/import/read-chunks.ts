import { on } from 'node:events'
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { Failure } from '../failure.ts'
import type { ReadOptions } from '../orders/file-options.ts'
import { type ChunkMessage, MORE, type WorkerMessage } from './messages.ts'

/**
 * Rows a transaction: enough to spread the cost of a commit, few enough that memory stays flat. A chunk's persons are
 * locked for as long as it is written, and live calls about them wait so long: 77 ms on the average of 1,000,000 orders
 * that took 6.4 s.
 */
const CHUNK_ROWS = 12_000
const CHUNKS_AHEAD = 2
const MAX_YOUNG_GENERATION_MIB = 64

/** Reads the file in a thread of its own. @throws Failure where it cannot be read, after the chunks before the fault */
export async function* readChunks(options: ReadOptions, signal: AbortSignal): AsyncGenerator<ChunkMessage> {
  const worker = new Worker(new URL(`./row-worker${extname(import.meta.filename)}`, import.meta.url), {
    workerData: { options, chunkRows: CHUNK_ROWS, chunksAhead: CHUNKS_AHEAD },
    resourceLimits: { maxYoungGenerationSizeMb: MAX_YOUNG_GENERATION_MIB },
    stdin: options.file === '-',
  })
  if (options.file === '-') process.stdin.pipe(worker.stdin!)
  try {
    for await (const [message] of on(worker, 'message', { signal, close: ['exit'] }) as AsyncIterable<
      [WorkerMessage]
    >) {
      if (message.type === 'end') return
      if (message.type === 'failed') throw new Failure(message.message)
      yield message
      worker.postMessage(MORE)
    }
    throw new Failure('The thread that reads the file ended by itself. Start the same command again: that is safe.')
  } catch (error) {
    // Ctrl-C: what has been read so far is written, and no more is read.
    if (!signal.aborted) throw error
  } finally {
    await worker.terminate()
  }
}
