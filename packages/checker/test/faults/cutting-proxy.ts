import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { Random } from '../../src/random.ts'

const CUT_PROBABILITY = 0.1

export interface CuttingProxy extends AsyncDisposable {
  /** The database, through the proxy. */
  readonly url: string
  /** Connections cut so far: before COMMIT arrived, and after it had happened. */
  readonly cuts: { before: number; after: number }
}

/** A proxy in front of PostgreSQL that cuts at one COMMIT in ten on its way there and one in ten on its way back. */
export async function startCuttingProxy(url: string): Promise<CuttingProxy> {
  const target = new URL(url)
  const { hostname, port } = target
  const random = new Random(1)
  const sockets = new Set<Socket>()
  const cuts = { before: 0, after: 0 }
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname)
    const isCommit = commitDetector()
    let cutsAfter = false
    const end = () => {
      client.destroy()
      upstream.destroy()
    }
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', end)
    }
    client.on('data', (data) => {
      const commits = isCommit(data as Uint8Array)
      if (commits && random.chance(CUT_PROBABILITY)) {
        cuts.before++
        return end()
      }
      cutsAfter ||= commits && random.chance(CUT_PROBABILITY)
      upstream.write(data)
    })
    upstream.on('data', (data) => {
      if (cutsAfter && data.includes('COMMIT\0')) {
        cuts.after++
        return end()
      }
      client.write(data)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  target.port = String((server.address() as AddressInfo).port)
  return {
    url: target.href,
    cuts,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

/** Tells what a connection sends: COMMIT is there by its text once, when it is prepared, and by its name from then on. */
function commitDetector(): (data: Uint8Array) => boolean {
  let name: string | undefined
  return (data) => {
    const text = Buffer.from(data).toString('latin1')
    // The last byte of the message's length, then the name.
    name ??= /[^\0]([^\0]+)\0commit\0/.exec(text)?.[1]
    return name !== undefined && text.includes(`\0${name}\0`)
  }
}
