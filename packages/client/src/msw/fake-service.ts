import {
  authenticator,
  type Entrance,
  entrance,
  type IdentifyRequest,
  type IdentityOperations,
  IdentityService,
  type IdentityServiceOptions,
  type KeyDirectory,
  OPERATIONS,
  type Person,
} from '@identity/api/portable'
import { DEFAULT_WORKSPACE_ID, isPhoneRegion, type KeyScope, MemoryStore, type Origin } from '@identity/core'
import { delay, HttpResponse, type RequestHandler } from 'msw'
import { serviceUrl } from '../options.ts'
import { type FaultControls, Faults, unavailableStore } from './faults.ts'
import { restHandler } from './rest-handler.ts'
import { trpcHandler } from './trpc-handler.ts'

export interface FakeIdentityServiceOptions {
  /** The address that the code under test calls. */
  url: string | URL
  /** Where phone numbers without a country code are taken to be, as the server's `DEFAULT_REGION`, such as `IN`. */
  defaultRegion?: string | undefined
  /**
   * API keys, and what each may do; whoever comes without one is refused. @default none: open to all, as a service is
   * before its first key
   */
  apiKeys?: Readonly<Record<string, KeyScope>> | undefined
}

/** A whole identity service in memory, behind msw. */
export interface FakeIdentityService {
  /** For msw's `setupServer` and `setupWorker`: tRPC and plain HTTP, answered by the service's own code. */
  readonly handlers: readonly RequestHandler[]
  /** What does not go well, on demand. */
  readonly faults: FaultControls
  /**
   * Identifies these orders, oldest first, whatever the faults. @returns the person after each
   * @throws Error that names the field, where one is not valid
   */
  seed(requests: readonly IdentifyRequest[]): Promise<Person[]>
  /** Forgets all contacts, events and faults; the next contact has id 1 again. */
  reset(): void
}

/** What one HTTP request may do, and who sent it. */
export interface Call {
  readonly service: IdentityOperations
  readonly origin: Origin
}

/**
 * Makes what is asked of one HTTP request.
 * @throws Response to answer with instead
 * @throws IdentityError `unauthenticated`
 */
export type CallOfRequest = (request: Request) => Promise<Call>

interface Fake {
  service: IdentityService
  enter: Entrance
}

/**
 * A fake of the identity service for your tests: the real algorithm on an in-memory store.
 *
 * @example
 * const identity = fakeIdentityService({ url: 'http://identity.test' })
 * const server = setupServer(...identity.handlers)
 *
 * @throws TypeError where an option is not valid
 */
export function fakeIdentityService(options: FakeIdentityServiceOptions): FakeIdentityService {
  const url = serviceUrl(options.url)
  const defaultRegion = phoneRegion(options.defaultRegion)
  const faults = new Faults()
  const authenticate = authenticator(directoryOf(options.apiKeys ?? {}))
  let healthy = healthyFake(defaultRegion)

  let requests = 0

  const callOf: CallOfRequest = async (request) => {
    const { delayMs, failure } = faults.next()
    const { enter } = healthy
    if (delayMs > 0) await delay(delayMs)
    if (failure?.kind === 'network') throw HttpResponse.error()
    const principal = await authenticate(request.headers.get('authorization') ?? undefined)
    const origin = { actor: principal.keyId, requestId: `req-${++requests}` }
    if (!failure) return { service: enter(principal), origin }
    return { service: entrance({ store: unavailableStore(failure.retryAfterS), defaultRegion })(principal), origin }
  }

  return {
    handlers: [trpcHandler(url, callOf), ...OPERATIONS.map((operation) => restHandler(url, operation, callOf))],
    faults,
    async seed(requests) {
      const persons: Person[] = []
      for (const request of requests) persons.push((await healthy.service.identify(request)).contact)
      return persons
    },
    reset() {
      healthy = healthyFake(defaultRegion)
      faults.clear()
    },
  }
}

function healthyFake(defaultRegion: IdentityServiceOptions['defaultRegion']): Fake {
  const options = { store: new MemoryStore(), defaultRegion }
  return { service: new IdentityService(options), enter: entrance(options) }
}

/** All keys are of one workspace: a fake has no other. */
function directoryOf(apiKeys: Readonly<Record<string, KeyScope>>): KeyDirectory {
  const keys = new Map(Object.entries(apiKeys))
  return {
    find(key) {
      const scope = keys.get(key)
      return scope && { keyId: key, workspaceId: DEFAULT_WORKSPACE_ID, scope, state: 'usable' }
    },
    isOpen: () => keys.size === 0,
  }
}

function phoneRegion(region: string | undefined): IdentityServiceOptions['defaultRegion'] {
  if (region === undefined || isPhoneRegion(region)) return region
  throw new TypeError(`defaultRegion must be an ISO 3166 region such as "IN"; found ${JSON.stringify(region)}.`)
}
