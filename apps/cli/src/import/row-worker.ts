import { parentPort, workerData } from 'node:worker_threads'
import { explain } from '../failure.ts'
import type { ReadOptions } from '../orders/file-options.ts'
import { type Refusal, readOrder } from '../orders/read-order.ts'
import { rowsOf } from '../orders/rows.ts'
import { Source } from '../orders/source.ts'
import { type ChunkMessage, MORE, type WorkerMessage } from './messages.ts'

/*
 * A thread of its own: to read and canonicalise rows takes as long as to write them to the database, and is done
 * meanwhile. It is only ever a few chunks ahead, so that memory does not grow with the file.
 */

const port = parentPort!
const { options, chunkRows, chunksAhead } = workerData as {
  options: ReadOptions
  chunkRows: number
  chunksAhead: number
}

/** The first chunks are small: the database waits until it has one. */
const FIRST_CHUNK_ROWS = 500
const GROWTH = 4

let allowed = chunksAhead
let wake = () => {}
port.on('message', (message) => {
  if (message !== MORE) return
  allowed++
  wake()
})

async function send(message: ChunkMessage): Promise<void> {
  while (allowed === 0) {
    const { promise, resolve } = Promise.withResolvers<void>()
    wake = resolve
    await promise
  }
  allowed--
  port.postMessage(message)
}

async function readAll(): Promise<void> {
  const source = new Source(options.file)
  let chunk = emptyChunk()
  let rowsOfChunk = Math.min(chunkRows, FIRST_CHUNK_ROWS)
  const flush = async () => {
    const { emails, phoneNumbers, timesMs, refused } = chunk
    chunk = emptyChunk()
    if (emails.length + refused.length === 0) return
    const { bytesRead } = source
    const times = Float64Array.from(timesMs)
    // The CSV parser tells of rows that it cannot read ahead of those before them.
    refused.sort((a, b) => a.line - b.line)
    await send({ type: 'chunk', emails, phoneNumbers, timesMs: times, refused, bytesRead })
  }
  for await (const rows of rowsOf(source.text(), options)) {
    for (const row of rows) {
      const order = readOrder(row, options.region)
      if ('reason' in order) chunk.refused.push(order)
      else {
        chunk.emails.push(order.request.email)
        chunk.phoneNumbers.push(order.request.phoneNumber)
        chunk.timesMs.push(order.timeMs)
      }
      if (chunk.emails.length + chunk.refused.length < rowsOfChunk) continue
      await flush()
      rowsOfChunk = Math.min(chunkRows, rowsOfChunk * GROWTH)
    }
  }
  await flush()
}

function emptyChunk() {
  return {
    emails: [] as Array<string | null>,
    phoneNumbers: [] as Array<string | null>,
    timesMs: [] as number[],
    refused: [] as Refusal[],
  }
}

const last: WorkerMessage = await readAll().then(
  () => ({ type: 'end' }),
  (error) => ({ type: 'failed', message: explain(error) }),
)
port.postMessage(last)
port.close()
