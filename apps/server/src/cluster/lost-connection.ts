import cluster, { type Worker } from 'node:cluster'

/** A connection as node:cluster hands it to a worker. */
interface Handle {
  close(): void
}

/**
 * node:cluster hands a worker one connection at a time, and forgets it where the worker dies before it has taken it:
 * nobody would read from it, and its client would wait for ever. This closes it, as the system closes the connections
 * that the worker had. In that case node:cluster does not notice the worker's end either, so it is told.
 */
export function closeLostConnection(worker: Worker): void {
  const child = worker.process
  const send = child.send.bind(child) as (...args: unknown[]) => boolean
  let lastHandle: Handle | undefined
  child.send = (...args: unknown[]) => {
    const [, handle] = args
    if (typeof handle === 'object' && handle !== null && 'close' in handle) lastHandle = handle as Handle
    return send(...args)
  }
  child.once('close', () => {
    // Where the worker had taken it, this process has closed its own end already, and closing twice does nothing.
    lastHandle?.close()
    if (cluster.workers?.[worker.id]) child.emit('disconnect')
  })
}
