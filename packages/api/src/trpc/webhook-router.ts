import { deadLettersQuery, newWebhook, retriesOf, webhookById, webhookUpdate } from '../webhook-contract.ts'
import { procedure, router } from './procedure.ts'

/** Where events are sent. */
export const webhookRouter = router({
  /** Makes an endpoint, which is sent what happens from now on. Shows its secret, this once. */
  create: procedure.input(newWebhook).mutation(({ ctx, input }) => ctx.service.webhooks.create(input)),

  /** All endpoints. Writes nothing. */
  list: procedure.query(({ ctx }) => ctx.service.webhooks.list()),

  /** Changes what is named, and enables or disables. */
  update: procedure.input(webhookUpdate).mutation(({ ctx, input }) => ctx.service.webhooks.update(input)),

  /** Deletes an endpoint and its dead letters. */
  delete: procedure.input(webhookById).mutation(({ ctx, input }) => ctx.service.webhooks.delete(input)),

  /** Gives an endpoint a new secret and shows it, this once. The one before signs too for 24 hours. */
  rotateSecret: procedure.input(webhookById).mutation(({ ctx, input }) => ctx.service.webhooks.rotateSecret(input)),

  /** Events that an endpoint did not acknowledge however often they were sent. */
  deadLetters: router({
    /** By id. Writes nothing. */
    list: procedure.input(deadLettersQuery).query(({ ctx, input }) => ctx.service.webhooks.listDeadLetters(input)),

    /** Has one sent again. */
    retry: procedure.input(webhookById).mutation(({ ctx, input }) => ctx.service.webhooks.retryDeadLetter(input)),

    /** Has all of an endpoint sent again. */
    retryAll: procedure.input(retriesOf).mutation(({ ctx, input }) => ctx.service.webhooks.retryDeadLetters(input)),
  }),
})
