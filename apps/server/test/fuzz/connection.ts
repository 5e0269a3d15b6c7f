import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export interface Answer {
  readonly status: number
  readonly head: string
  readonly body: string
}

const END_OF_HEAD = Buffer.from('\r\n\r\n')
const ANSWER_TIMEOUT_MS = 20_000

/** One connection to the server, opened again when it was closed: requests go one after another. */
export class Connection implements Disposable {
  readonly #url: URL
  #socket: Socket | undefined
  #received: Buffer = Buffer.alloc(0)
  #wake: () => void = () => {}

  constructor(url: string) {
    this.#url = new URL(url)
  }

  /** @throws Error when no answer came */
  async send(bytes: Buffer): Promise<Answer> {
    const socket = this.#open()
    socket.write(bytes)
    const answer = await this.#answer(socket)
    if (/^connection: close/im.test(answer.head)) this[Symbol.dispose]()
    return answer
  }

  [Symbol.dispose](): void {
    this.#socket?.destroy()
    this.#socket = undefined
  }

  #open(): Socket {
    if (this.#socket && !this.#socket.destroyed && this.#socket.writable) return this.#socket
    this.#received = Buffer.alloc(0)
    const socket = connect(Number(this.#url.port), this.#url.hostname)
    socket.on('error', () => {})
    socket.on('close', () => this.#wake())
    socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk])
      this.#wake()
    })
    this.#socket = socket
    return socket
  }

  async #answer(socket: Socket): Promise<Answer> {
    const deadlineMs = Date.now() + ANSWER_TIMEOUT_MS
    for (;;) {
      const answer = this.#take()
      if (answer) return answer
      if (socket.destroyed || Date.now() > deadlineMs)
        throw new Error(`no answer; received ${this.#received.length} bytes`)
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#wake = resolve
      const timer = setTimeout(resolve, ANSWER_TIMEOUT_MS)
      await promise
      clearTimeout(timer)
    }
  }

  /** The first answer, where it is whole. */
  #take(): Answer | undefined {
    const end = this.#received.indexOf(END_OF_HEAD)
    if (end < 0) return undefined
    const head = this.#received.subarray(0, end).toString('latin1')
    const start = end + END_OF_HEAD.length
    const rest = this.#received.subarray(start)
    const status = Number(head.slice(9, 12))
    const framed = /^transfer-encoding: chunked/im.test(head) ? dechunked(rest) : ofLength(rest, head, status)
    if (!framed) return undefined
    this.#received = this.#received.subarray(start + framed.bytes)
    return { status, head, body: framed.body.toString('utf8') }
  }
}

interface Framed {
  readonly body: Buffer
  /** Received for it, with what frames it. */
  readonly bytes: number
}

function ofLength(rest: Buffer, head: string, status: number): Framed | undefined {
  const isBodiless = status === 204 || status === 304
  const bytes = isBodiless ? 0 : Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0)
  return rest.length < bytes ? undefined : { body: rest.subarray(0, bytes), bytes }
}

function dechunked(rest: Buffer): Framed | undefined {
  const chunks: Buffer[] = []
  for (let at = 0; ; ) {
    const endOfLine = rest.indexOf('\r\n', at)
    if (endOfLine < 0) return undefined
    const length = Number.parseInt(rest.subarray(at, endOfLine).toString('latin1'), 16)
    const start = endOfLine + 2
    if (rest.length < start + length + 2) return undefined
    chunks.push(rest.subarray(start, start + length))
    at = start + length + 2
    if (length === 0) return { body: Buffer.concat(chunks), bytes: at }
  }
}

/** Sends bytes that need not be HTTP, says that there are no more, and waits for the end. @returns the statuses that came */
export async function sendBroken(url: string, bytes: Buffer): Promise<number[]> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  let text = ''
  socket.on('error', () => {})
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1')
  })
  socket.end(bytes)
  await once(socket, 'close', { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) })
  return [...text.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map((match) => Number(match[1]))
}
