import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { Failure } from '../failure.ts'
import { unreadableFile } from '../files.ts'

const READ_BYTES = 256 * 1024

/** A file, or standard input, as text; gunzipped where it is gzip. */
export class Source {
  /** As they are on disk, so that they can be compared with the file's size. */
  bytesRead = 0
  readonly #file: string

  constructor(file: string) {
    this.#file = file
  }

  /** @throws Failure where it cannot be read, is not UTF-8, or is a gzip file that ends too early */
  async *text(): AsyncGenerator<string> {
    const decoder = new TextDecoder()
    for await (const bytes of this.#plainBytes()) yield decoder.decode(bytes, { stream: true })
    yield decoder.decode()
  }

  async *#plainBytes(): AsyncGenerator<Buffer> {
    const bytes = this.#bytes()
    const first = await bytes.next()
    if (first.done) return
    const start = first.value
    if ((start[0] === 0xff && start[1] === 0xfe) || (start[0] === 0xfe && start[1] === 0xff)) {
      throw new Failure('The file is UTF-16. Save it as UTF-8, and try again.')
    }
    const whole = prepend(start, bytes)
    if (start[0] === 0x1f && start[1] === 0x8b) yield* gunzip(whole)
    else yield* whole
  }

  async *#bytes(): AsyncGenerator<Buffer> {
    const stream = this.#file === '-' ? process.stdin : createReadStream(this.#file, { highWaterMark: READ_BYTES })
    try {
      for await (const chunk of stream) {
        this.bytesRead += chunk.length
        yield chunk
      }
    } catch (error) {
      throw this.#file === '-' ? error : unreadableFile(this.#file, error)
    }
  }
}

async function* prepend(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first
  yield* rest
}

async function* gunzip(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gunzipped = createGunzip({ chunkSize: READ_BYTES })
  // Its failure is met below, by whoever reads.
  pipeline(Readable.from(bytes, { objectMode: false }), gunzipped).catch(() => {})
  try {
    for await (const chunk of gunzipped) yield chunk
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))) throw error
    throw new Failure('The gzip file is damaged or ends too early. Get it whole, and start the same command again.', {
      cause: error,
    })
  }
}
