export { type FakeIdentityService, type FakeIdentityServiceOptions, fakeIdentityService } from './fake-service.ts'
export type { FaultControls, FaultOptions } from './faults.ts'
