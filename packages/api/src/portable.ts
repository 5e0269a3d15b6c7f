/** What of the service runs anywhere, with no HTTP server and nothing of Node: other hosts are made from it. */
export { internalError } from './errors.ts'
export { IdentityService, type IdentityServiceOptions } from './identity-service.ts'
export type { RestOperation, RestRequest } from './rest/operation.ts'
export { OPERATIONS } from './rest/operations/index.ts'
export { BODY_ERRORS, PROBLEM_TYPE, problemDocument } from './rest/problem-document.ts'
export { retryAfterMeta } from './trpc/retry-after.ts'
export { appRouter, type TrpcContext } from './trpc/router.ts'
export type * from './types.ts'
