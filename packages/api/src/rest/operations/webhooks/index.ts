import type { RestOperation } from '../../operation.ts'
import { createWebhook } from './create-webhook.ts'
import { deleteWebhook } from './delete-webhook.ts'
import { listDeadLetters } from './list-dead-letters.ts'
import { listWebhooks } from './list-webhooks.ts'
import { retryDeadLetter } from './retry-dead-letter.ts'
import { retryDeadLetters } from './retry-dead-letters.ts'
import { rotateWebhookSecret } from './rotate-webhook-secret.ts'
import { updateWebhook } from './update-webhook.ts'

/** What can be done about webhooks over plain HTTP. */
export const WEBHOOK_OPERATIONS: readonly RestOperation[] = [
  createWebhook,
  listWebhooks,
  updateWebhook,
  deleteWebhook,
  rotateWebhookSecret,
  listDeadLetters,
  retryDeadLetter,
  retryDeadLetters,
]
