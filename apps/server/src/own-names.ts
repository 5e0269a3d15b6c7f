import { IdentityError } from '@identity/core'
import type { Config } from './config.ts'
import { isLoopback } from './loopback.ts'

/** The headers in which a browser says where it believes to be, and from where it calls. */
export interface Whereabouts {
  readonly host?: string | undefined
  readonly origin?: string | undefined
}

type Names = Pick<Config, 'ALLOW_ANONYMOUS' | 'ALLOWED_HOSTS' | 'CORS_ORIGINS'>

/**
 * While the service is open, a web page may have its own name resolve to 127.0.0.1, and then call as if the service
 * were its server. The browser still sends the page's name. Undefined where any name may call.
 * @returns what throws IdentityError `forbidden` for a name that is none of this machine, of ALLOWED_HOSTS or CORS_ORIGINS
 */
export function ownNamesOnly(config: Names): ((headers: Whereabouts) => void) | undefined {
  const { ALLOW_ANONYMOUS, ALLOWED_HOSTS, CORS_ORIGINS = [] } = config
  if (ALLOW_ANONYMOUS && !ALLOWED_HOSTS) return undefined
  const isOwn = (host: string) => isOwnName(host, ALLOWED_HOSTS)
  // Most callers say the same name, each time.
  let lastOwn: string | undefined
  return ({ host, origin }) => {
    // HTTP/1.0 has no Host, and browsers do not speak it.
    if (host !== undefined && host !== lastOwn) {
      if (!isOwn(host)) throw refusal('Host', host, 'ALLOWED_HOSTS')
      lastOwn = host
    }
    if (origin === undefined || CORS_ORIGINS.includes(origin)) return
    if (!URL.canParse(origin) || !isOwn(new URL(origin).host)) throw refusal('Origin', origin, 'CORS_ORIGINS')
  }
}

/** @param host as in the header: a name or an address, and maybe a port */
export function isOwnName(host: string, allowed: readonly string[] = []): boolean {
  const name = /^(\[[^\]]*\]|[^:]*)(?::\d*)?$/.exec(host)?.[1]?.toLowerCase().replace(/\.$/, '')
  if (name === undefined) return false
  return isLoopback(name.replace(/^\[|\]$/g, '')) || name.endsWith('.localhost') || allowed.includes(name)
}

function refusal(header: string, found: string, setting: string): IdentityError {
  const shown = JSON.stringify(found.slice(0, 100))
  return new IdentityError(
    'forbidden',
    `Without API keys, this service answers to names of its own machine only, such as localhost; ${header} is ${shown}. Make an API key, or list it in ${setting}.`,
  )
}
