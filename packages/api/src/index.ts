export { MAX_BATCH_REQUESTS } from './contract.ts'
export { type HttpOptions, identityHttp } from './http.ts'
export { IdentityService, type IdentityServiceOptions } from './identity-service.ts'
export { EXAMPLES, type Example } from './rest/examples.ts'
export { openApiDocument } from './rest/openapi.ts'
export { sendProblem } from './rest/problem.ts'
export { type AppRouter, appRouter, type TrpcContext } from './trpc/router.ts'
export type {
  IdentifyBatchResponse,
  IdentifyManyError,
  IdentifyManyResult,
  IdentifyRequest,
  IdentifyResponse,
  IdentityOperations,
  Person,
  PersonQuery,
  PreviewResponse,
  ProblemDocument,
} from './types.ts'
