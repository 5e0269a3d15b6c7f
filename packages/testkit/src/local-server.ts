import { readConfig, startServer as startInProcess } from '@identity/server'
import { pino } from 'pino'

/** A server inside the test's own process, behind real HTTP. Use with `await using`. */
export interface LocalServer extends AsyncDisposable {
  readonly url: string
}

/** Starts a server on a free port, configured as by these environment variables. */
export async function startLocalServer(env: Record<string, string>): Promise<LocalServer> {
  const server = await startInProcess(
    readConfig({ PORT: '0', SERVER_PROCESSES: '1', ...env }),
    pino({ level: 'silent' }),
  )
  return { url: server.url, [Symbol.asyncDispose]: () => server.stop() }
}
