import type { CreatedWebhook, DeadLetter, WebhookEndpoint } from '../../../webhook-types.ts'

export const ENDPOINT: WebhookEndpoint = {
  id: 3,
  url: 'https://shop.example/hooks',
  types: null,
  createdAt: '2023-04-23T10:00:00.374Z',
  disabledAt: null,
  disabledReason: null,
}

export const CREATED: CreatedWebhook = { ...ENDPOINT, secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=' }

export const DEAD_LETTER: DeadLetter = {
  id: 5,
  endpointId: 3,
  eventId: '17-0',
  attempts: 20,
  error: 'status',
  status: 500,
  at: '2023-04-23T19:12:07.120Z',
  retryRequestedAt: null,
}
