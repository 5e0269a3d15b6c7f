import { type Authenticate, authenticator } from '@identity/api'
import { hashOfKey, hasKeys, KeyRing, openClient, type Pool, type RetryEvent } from '@identity/core/postgres'
import type { Config } from './config.ts'
import { isLoopback } from './loopback.ts'
import { StartFailure } from './start-failure.ts'

/** Who calls, by the keys in the database. */
export function keyAuthentication(config: Config, pool: Pool, onRetry: (event: RetryEvent) => void): Authenticate {
  const keys = new KeyRing(pool, { timeoutMs: config.REQUEST_TIMEOUT_MS, onRetry })
  const mayEverBeOpen = mayBeOpen(config)
  return authenticator({
    find(key) {
      const hash = hashOfKey(key)
      return hash === undefined ? undefined : keys.find(hash)
    },
    isOpen() {
      // Not only at the start: keys may be deleted from the table while the server runs.
      if (!mayEverBeOpen) return false
      const hasKeys = keys.hasKeys()
      return hasKeys instanceof Promise ? hasKeys.then((value) => !value) : !hasKeys
    },
  })
}

/**
 * Without any key, whoever reaches the port may read and change every person.
 * @throws StartFailure where that would be more than this machine
 */
export async function refuseToBeOpen(config: Config, databaseUrl: string): Promise<void> {
  if (mayBeOpen(config) || (await anyKeyIn(databaseUrl))) return
  throw new StartFailure(
    [
      `The server does not start: HOST=${config.HOST} can be reached from elsewhere, and there is no API key, so that anyone could read and change everything.`,
      'Make a key with `npx identity keys create --workspace default --scope identify`, or leave HOST out to listen on loopback only.',
      'If something in front of it keeps strangers away, set ALLOW_ANONYMOUS=1.',
    ].join(' '),
  )
}

async function anyKeyIn(databaseUrl: string): Promise<boolean> {
  const client = openClient(databaseUrl)
  try {
    return await hasKeys(client)
  } finally {
    await client.end({ timeout: 1 })
  }
}

function mayBeOpen({ HOST, ALLOW_ANONYMOUS }: Config): boolean {
  return ALLOW_ANONYMOUS || isLoopback(HOST)
}
