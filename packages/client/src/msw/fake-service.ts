import {
  type IdentifyRequest,
  IdentityService,
  type IdentityServiceOptions,
  OPERATIONS,
  type Person,
} from '@identity/api/portable'
import { isPhoneRegion, MemoryStore } from '@identity/core'
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
  /** Forgets all contacts and faults; the next contact has id 1 again. */
  reset(): void
}

/** Makes what is asked of one HTTP request: the service that is to answer it. @throws Response to answer with instead */
export type ServiceForRequest = () => Promise<IdentityService>

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
  let healthy = new IdentityService({ store: new MemoryStore(), defaultRegion })

  const serviceForRequest: ServiceForRequest = async () => {
    const { delayMs, failure } = faults.next()
    const service = healthy
    if (delayMs > 0) await delay(delayMs)
    if (failure?.kind === 'network') throw HttpResponse.error()
    return failure ? new IdentityService({ store: unavailableStore(failure.retryAfterS), defaultRegion }) : service
  }

  return {
    handlers: [
      trpcHandler(url, serviceForRequest),
      ...OPERATIONS.map((operation) => restHandler(url, operation, serviceForRequest)),
    ],
    faults,
    async seed(requests) {
      const persons: Person[] = []
      for (const request of requests) persons.push((await healthy.identify(request)).contact)
      return persons
    },
    reset() {
      healthy = new IdentityService({ store: new MemoryStore(), defaultRegion })
      faults.clear()
    },
  }
}

function phoneRegion(region: string | undefined): IdentityServiceOptions['defaultRegion'] {
  if (region === undefined || isPhoneRegion(region)) return region
  throw new TypeError(`defaultRegion must be an ISO 3166 region such as "IN"; found ${JSON.stringify(region)}.`)
}
