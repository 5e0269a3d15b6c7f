export {
  type IdentifyManyResult,
  type IdentifyRequest,
  type IdentifyResponse,
  MAX_BATCH_REQUESTS,
  type Person,
  type PersonQuery,
  type PreviewResponse,
  type ProblemDocument,
} from './contract.ts'
export { type HttpOptions, identityHttp } from './http.ts'
export { IdentityService, type IdentityServiceOptions } from './identity-service.ts'
export { EXAMPLES, type Example } from './rest/examples.ts'
export { openApiDocument } from './rest/openapi.ts'
export { sendProblem, toIdentityError } from './rest/problem.ts'
export { type AppRouter, appRouter, type TrpcContext } from './trpc/router.ts'
