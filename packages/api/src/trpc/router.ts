import { IdentityError } from '@identity/core'
import { tracked } from '@trpc/server'
import { eventsQuery, eventsSubscription, identifyManyRequest, identifyRequest, personQuery } from '../contract.ts'
import type { EventsSubscription } from '../types.ts'
import { correctionRouters, personCorrections } from './correction-procedures.ts'
import { procedure, router, type TrpcContext, trpcError } from './procedure.ts'
import { ruleRouters } from './rule-routers.ts'
import { webhookRouter } from './webhook-router.ts'

const STOPPING = new IdentityError('unavailable', 'This server is stopping. Connect again: that is safe.', {
  retryAfterS: 0,
})

async function* follow(ctx: TrpcContext, { after, lastEventId }: EventsSubscription, signal: AbortSignal) {
  const { service, stopping } = ctx
  const ends = stopping ? AbortSignal.any([signal, stopping]) : signal
  try {
    for await (const events of service.followEvents(lastEventId ?? after, ends)) {
      // A key may have been revoked since.
      await ctx.stillAllowed()
      for (const event of events) yield tracked(event.id, event)
    }
  } catch (error) {
    throw trpcError(error)
  }
  // Said as a failure, so that the client connects again: to another server, or to this one when it is back.
  if (stopping?.aborted) throw trpcError(STOPPING)
}

export const appRouter = router({
  /** The one person behind an e-mail, a phone number or both. Safe to repeat. */
  identify: procedure
    .input(identifyRequest)
    .mutation(({ ctx, input }) => ctx.service.identify(input, ctx.origin, ctx.call)),

  /** Up to 1,000 requests, as if sent one after another; each result stands where its request stood. */
  identifyMany: procedure
    .input(identifyManyRequest)
    .mutation(({ ctx, input }) => ctx.service.identifyMany(input, ctx.origin)),

  /** What `identify` would answer and do. Writes nothing. */
  preview: procedure.input(identifyRequest).query(({ ctx, input }) => ctx.service.preview(input)),

  /** Look-ups, and what can be done with a person. */
  person: router({
    /** The person of a contact id, an e-mail or a phone number; null where nobody has it. Writes nothing. */
    get: procedure.input(personQuery).query(({ ctx, input }) => ctx.service.getPerson(input)),

    ...personCorrections,
  }),

  /** What happened to persons, by ids alone. */
  events: router({
    /** The next events after one. Writes nothing. */
    list: procedure.input(eventsQuery).query(({ ctx, input }) => ctx.service.listEvents(input)),

    /** Every event after one, and those to come. A client that loses its connection goes on where it was. */
    subscribe: procedure
      .input(eventsSubscription)
      .subscription(({ ctx, input, signal }) => follow(ctx, input, signal!)),
  }),

  ...correctionRouters,

  ...ruleRouters,

  /** Where events are sent. */
  webhooks: webhookRouter,
})

export type AppRouter = typeof appRouter
