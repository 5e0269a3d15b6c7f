// The app's fake of the service, which its tests share.
import { type FakeIdentityService, fakeIdentityService } from '@identity/client/msw'
import type { RequestHandler } from 'msw'
import type { Equal } from './equal.js'

export const identity = fakeIdentityService({ url: 'http://identity.test', defaultRegion: 'IN' })
true satisfies Equal<typeof identity, FakeIdentityService>
true satisfies Equal<typeof identity.handlers, readonly RequestHandler[]>

/** Never called: the compiler refuses every one. */
export function refused(): void {
  // @ts-expect-error an address is needed
  fakeIdentityService({})
  // @ts-expect-error what is seeded are requests
  void identity.seed([{ emial: 'ann@shop.example' }])
  // @ts-expect-error so many requests is a number
  identity.faults.unavailable({ times: '1' })
  // @ts-expect-error how slow it is must be said
  identity.faults.latency()
}
