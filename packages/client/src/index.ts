export type {
  Event,
  EventList,
  EventsQuery,
  EventsSubscription,
  FieldProblem,
  IdentifyManyError,
  IdentifyManyResult,
  IdentifyRequest,
  IdentifyResponse,
  Person,
  PersonQuery,
  PreviewResponse,
} from '@identity/api/portable'
export {
  createIdentityClient,
  type FetchLike,
  type IdentityClient,
  type IdentityClientOptions,
  type RequestHeaders,
  type RetryOptions,
} from './create-client.ts'
export { IdentityClientError, type IdentityClientErrorCode } from './error.ts'
