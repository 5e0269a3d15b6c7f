import { ANYONE, type IdentifyResponse, type IdentityOperations, identityHttp } from '@identity/api'
import Fastify from 'fastify'

/*
 * A process: the service's own HTTP side, plain and tRPC, with its contract and its Fastify settings, over something
 * that knows one answer. What it takes is what HTTP takes; the rest of the service's time is the engine's.
 */

const answer = JSON.parse(process.env.ANSWER!) as IdentifyResponse

const constant: IdentityOperations = {
  identify: async () => ({ ...answer, outcome: 'existing' }),
  identifyMany: async (requests) => requests.map(() => ({ status: 'ok', ...answer })),
  getPerson: async () => answer,
  preview: async () => ({ outcome: 'existing', ...answer, newContact: null, movedContactIds: [], refusal: null }),
  listEvents: async () => ({ events: [] }),
  async *followEvents() {},
  corrections: new Proxy({} as IdentityOperations['corrections'], {}),
  rules: new Proxy({} as IdentityOperations['rules'], {}),
  webhooks: new Proxy({} as IdentityOperations['webhooks'], {}),
}

const app = Fastify({
  forceCloseConnections: 'idle',
  bodyLimit: 1024 * 1024,
  onProtoPoisoning: 'ignore',
  onConstructorPoisoning: 'ignore',
  routerOptions: { maxParamLength: 5_000 },
})
await identityHttp(app, {
  entrance: () => constant,
  authenticate: () => ANYONE,
  version: '0.0.0',
})
console.log(`The constant service is listening on ${await app.listen({ host: '127.0.0.1', port: 0 })}`)
