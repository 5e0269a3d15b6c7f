export { authenticator, type KeyDirectory } from './access/authenticator.ts'
export { type Entrance, entrance } from './access/entrance.ts'
export { ANYONE, type Authenticate, type Principal } from './access/principal.ts'
export { MAX_BATCH_REQUESTS } from './contract.ts'
export type * from './correction-types.ts'
export { type HttpOptions, identityHttp } from './http.ts'
export { IdentityService, type IdentityServiceOptions } from './identity-service.ts'
export type { Access, Admit } from './rest/authentication.ts'
export { EXAMPLES, type Example } from './rest/examples.ts'
export { openApiDocument } from './rest/openapi.ts'
export { sendProblem } from './rest/problem.ts'
export type * from './rule-types.ts'
export type { TrpcContext } from './trpc/procedure.ts'
export { type AppRouter, appRouter } from './trpc/router.ts'
export type {
  CallRecord,
  Event,
  EventList,
  EventsQuery,
  EventsSubscription,
  IdentifyAnswer,
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
export type {
  CreatedWebhook,
  DeadLetter,
  DeadLetterList,
  DeadLettersQuery,
  NewWebhook,
  Retries,
  WebhookEndpoint,
  WebhookList,
  WebhookOperations,
  WebhookUpdate,
} from './webhook-types.ts'
