import { MemoryStore } from '@identity/core'
import Fastify from 'fastify'
import { expect, it } from 'vitest'
import { ANYONE, entrance, identityHttp, openApiDocument } from '../src/index.ts'

/** What is not of the plain HTTP API: the document itself, the page that shows it, and tRPC. */
const NOT_DOCUMENTED = /^(\/openapi\.json|\/docs\b.*|\/trpc\/.*)$/

it('the document has every route of the server, and no other', async () => {
  await using app = Fastify()
  const routes = new Set<string>()
  app.addHook('onRoute', ({ method, url }) => {
    for (const each of [method].flat()) {
      const path = url.replace(/(?<=.)\/$/, '').replaceAll(/:(\w+)/g, '{$1}')
      if (each !== 'HEAD' && !NOT_DOCUMENTED.test(path)) routes.add(`${each} ${path}`)
    }
  })
  await identityHttp(app, {
    entrance: entrance({ store: new MemoryStore() }),
    authenticate: () => ANYONE,
    version: '0',
  })
  await app.ready()
  const documented = Object.entries(openApiDocument('0').paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )
  expect([...routes].toSorted()).toEqual(documented.toSorted())
})
