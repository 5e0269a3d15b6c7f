import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export interface HttpConnectionOptions {
  onAnswer: (connection: HttpConnection, status: number) => void
  onFailure: () => void
}

/** A kept-alive connection to a server whose answers say how long they are. One request at a time. */
export class HttpConnection {
  /** When the request under way was to be sent, on the clock of `performance`. */
  dueMs = 0
  readonly #socket: Socket
  readonly #options: HttpConnectionOptions
  #received = ''

  static async open({ hostname, port }: URL, options: HttpConnectionOptions): Promise<HttpConnection> {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true })
    await once(socket, 'connect')
    return new HttpConnection(socket, options)
  }

  private constructor(socket: Socket, options: HttpConnectionOptions) {
    this.#socket = socket
    this.#options = options
    // One character a byte, as lengths count bytes.
    socket.setEncoding('latin1')
    socket.on('data', (chunk: string) => this.#receive(chunk))
    socket.on('error', options.onFailure)
    socket.on('end', options.onFailure)
  }

  send(request: string): void {
    this.#socket.write(request)
  }

  #receive(chunk: string): void {
    this.#received += chunk
    const headLength = this.#received.indexOf('\r\n\r\n') + 4
    if (headLength < 4) return
    const head = this.#received.slice(0, headLength)
    const bodyLength = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1])
    if (Number.isNaN(bodyLength)) throw new Error('an answer came without its length')
    if (this.#received.length < headLength + bodyLength) return
    this.#received = ''
    this.#options.onAnswer(this, Number(head.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length)))
  }
}
