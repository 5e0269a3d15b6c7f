import { internalError } from '../errors.ts'
import { BODY_ERRORS } from './problem-document.ts'

/** What the document says of a code: when it comes, and the words it comes with, for example. */
export interface FailureText {
  readonly description: string
  readonly detail: string
}

export const FAILURES = {
  unauthenticated: {
    description: 'The service has API keys, and none that works was sent.',
    detail: 'This service asks for an API key. Send it as "Authorization: Bearer idk_…".',
  },
  forbidden: {
    description: 'The API key does not allow this.',
    detail: 'This needs an API key with the scope identify; the one that was sent has read.',
  },
  not_found: {
    description: 'There is no such person.',
    detail: 'There is no contact 7. GET /persons?email=… finds a person by e-mail.',
  },
  gone: {
    description: 'Events after this one were deleted, as they are older than the service keeps them.',
    detail:
      'Events after 17-0 were deleted, as they are older than the service keeps them. Read all persons anew, then list without after.',
  },
  conflict: {
    description: 'It cannot be done to the persons as they are; `detail` says what stands in the way.',
    detail: 'These are all contacts of the person, so that nothing remains. Leave some out.',
  },
  payload_too_large: { description: 'The body is too large.', detail: BODY_ERRORS.tooLarge().message },
  unsupported_media_type: { description: 'The body is not JSON.', detail: BODY_ERRORS.notJson().message },
  identifier_blocked: {
    description: 'Every value of the request is blocked in its workspace; nothing is stored.',
    detail:
      'phoneNumber "00000" is blocked by rule 7 ("0000*"). Nothing usable remains; send a value that is not blocked, or unblock this one.',
  },
  rate_limited: {
    description: 'Too many requests from this client.',
    detail: 'More than 600 requests in a minute. Wait 12 s.',
  },
  internal: { description: 'The service failed; its log says why.', detail: internalError(undefined).message },
  unavailable: {
    description: 'The service cannot serve now. Repeating is safe.',
    detail: 'The database did not answer in time. Repeat the request: that is safe.',
  },
} satisfies Record<string, FailureText>

/** `forbidden` of what every key may do. */
export const NOT_OWN_NAME: FailureText = {
  description: 'The service has no API keys, and was called by a name that is not its own.',
  detail:
    'Without API keys, this service answers to names of its own machine only, such as localhost; Host is "shop.example". Make an API key, or list it in ALLOWED_HOSTS.',
}

export type DocumentedFailure = keyof typeof FAILURES
