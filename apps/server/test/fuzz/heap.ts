import { readdirSync, readFileSync } from 'node:fs'

/** What a process holds. */
export interface Holdings {
  /** After a garbage collection. */
  readonly heapBytes: number
  /** Undefined where the system does not tell. */
  readonly residentBytes: number | undefined
  readonly openFiles: number | undefined
}

/** Asks a process that was started with --inspect. @param inspectorUrl the ws: address that it printed */
export async function holdingsOf(pid: number, inspectorUrl: string): Promise<Holdings> {
  const socket = new WebSocket(inspectorUrl)
  await new Promise((resolve, reject) => {
    socket.onopen = resolve
    socket.onerror = () => reject(new Error('the inspector cannot be reached'))
  })
  let lastId = 0
  async function call<T>(method: string): Promise<T> {
    const id = ++lastId
    const { promise, resolve } = Promise.withResolvers<T>()
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(data as string)
      if (message.id === id) resolve(message.result)
    }
    socket.send(JSON.stringify({ id, method }))
    return promise
  }
  await call('HeapProfiler.collectGarbage')
  const { usedSize } = await call<{ usedSize: number }>('Runtime.getHeapUsage')
  socket.close()
  return { heapBytes: usedSize, ...fromProc(pid) }
}

function fromProc(pid: number): Pick<Holdings, 'residentBytes' | 'openFiles'> {
  try {
    const kib = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return { residentBytes: Number(kib) * 1024, openFiles: readdirSync(`/proc/${pid}/fd`).length }
  } catch {
    return { residentBytes: undefined, openFiles: undefined }
  }
}
