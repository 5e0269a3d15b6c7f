import { Socket } from 'node:net'

/** The driver's settings that say where a connection leads. Its types know neither these nor the factory. */
interface Destination {
  readonly host: readonly string[]
  readonly port: readonly number[]
  readonly path: string | false
}

/** A socket with what the driver reads when it goes on to TLS. */
type DriverSocket = Socket & { host?: string; port?: number }

/**
 * Makes the driver's sockets. Left to itself, it writes each statement on its own, and each write is a system call that
 * wakes the database; on these, what one turn of the event loop sends leaves in one piece.
 * @returns a function for the driver's option `socket`; like the driver, it takes the hosts of a list in turn
 */
export function socketFactory(): (destination: Destination) => Socket {
  let attempt = 0
  return ({ host, port, path }) => {
    const index = attempt++ % port.length
    const socket: DriverSocket = new Socket()
    if (path) socket.connect(path)
    else Object.assign(socket, { host: host[index], port: port[index] }).connect(port[index]!, host[index]!)
    return writeOnceATurn(socket)
  }
}

function writeOnceATurn(socket: Socket): Socket {
  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean
  socket.write = (...args: unknown[]) => {
    if (socket.writableCorked === 0) {
      socket.cork()
      process.nextTick(() => socket.uncork())
    }
    return write(...args)
  }
  return socket
}
