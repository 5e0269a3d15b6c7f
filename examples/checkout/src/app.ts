import type { IdentityClient } from '@identity/client'
import Fastify, { type FastifyInstance } from 'fastify'
import { Checkout, ContactDetailsError, type Order } from './checkout.ts'

const ORDER = {
  type: 'object',
  required: ['orderId'],
  properties: {
    orderId: { type: 'string', minLength: 1 },
    email: { type: 'string', nullable: true },
    phoneNumber: { type: 'string', nullable: true },
  },
}

/** `POST /orders`, `GET /orders/:orderId` and, for a timer or a person on duty, `POST /orders/identify-later`. */
export function checkoutApp(identity: IdentityClient): FastifyInstance {
  const checkout = new Checkout(identity)
  const app = Fastify()

  app.post<{ Body: Order }>('/orders', { schema: { body: ORDER } }, async (request, reply) => {
    try {
      return await reply.code(201).send(await checkout.place(request.body))
    } catch (error) {
      if (!(error instanceof ContactDetailsError)) throw error
      return reply.code(422).send({ message: error.message, fields: error.fields })
    }
  })

  app.get<{ Params: { orderId: string } }>('/orders/:orderId', async ({ params }, reply) => {
    return checkout.order(params.orderId) ?? reply.code(404).send({ message: `There is no order ${params.orderId}.` })
  })

  app.post('/orders/identify-later', async () => ({ left: await checkout.identifyLater() }))

  return app
}
