import { Socket } from 'node:net'
import { monitorEventLoopDelay } from 'node:perf_hooks'

/*
 * Loaded into a server before its own code (`node --import`). Upon SIGUSR2 it writes a line with what it saw since the
 * last one, for `server-process.ts`. It measures only; nothing of the server is changed.
 */

const RESOLUTION_MS = 5
const PARENT_CHECK_MS = 1_000

/** The line's content, after `PROBE `. */
export interface ProbeReport {
  /** How late the event loop came to a timer, at the worst of 100 times. */
  loopDelayP99Ms: number
  /** Times that something was sent to the database after an answer of it: what is sent together counts once. */
  databaseRoundTrips: number
}

const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
delays.enable()

let databaseRoundTrips = 0
const { port: databasePort } = new URL(process.env.DATABASE_URL ?? 'postgres://none:0')
const { connect } = Socket.prototype
Socket.prototype.connect = function (this: Socket, ...args: unknown[]) {
  Reflect.apply(connect, this, args)
  // Not before: a socket that connects takes the prototype's methods.
  if (isDatabase(args)) countRoundTrips(this)
  return this
} as typeof connect

/** Of the forms that `connect` takes, postgres.js uses (port, host). */
function isDatabase([target]: unknown[]): boolean {
  return databasePort !== '' && String(target) === databasePort
}

function countRoundTrips(socket: Socket) {
  const { write } = socket
  let bytesReadBefore = -1
  socket.write = function (this: Socket, ...args: unknown[]) {
    if (this.bytesRead !== bytesReadBefore) databaseRoundTrips++
    bytesReadBefore = this.bytesRead
    return Reflect.apply(write, this, args) as boolean
  } as typeof write
}

process.on('SIGUSR2', () => {
  const report: ProbeReport = {
    loopDelayP99Ms: Math.max(0, delays.percentile(99) / 1e6 - RESOLUTION_MS),
    databaseRoundTrips,
  }
  console.log(`PROBE ${JSON.stringify(report)}`)
  delays.reset()
  databaseRoundTrips = 0
})

// Not left behind by a parent that was killed.
const parent = process.ppid
setInterval(() => process.ppid === parent || process.exit(), PARENT_CHECK_MS).unref()
