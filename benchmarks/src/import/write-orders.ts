import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { madeUpOrders } from './made-up-orders.ts'

const LINES_AT_ONCE = 10_000

/** Writes made-up orders to an NDJSON file. */
export async function writeOrders(file: string, count: number): Promise<void> {
  await pipeline(Readable.from(texts(count)), createWriteStream(file))
}

function* texts(count: number): Generator<string> {
  let lines: string[] = []
  for (const order of madeUpOrders(count)) {
    lines.push(`${JSON.stringify(order)}\n`)
    if (lines.length < LINES_AT_ONCE) continue
    yield lines.join('')
    lines = []
  }
  yield lines.join('')
}
