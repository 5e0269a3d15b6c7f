import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyError, FastifyInstance } from 'fastify'
import { sendNotFound } from './not-found.ts'
import { openApiDocument } from './openapi.ts'
import { sendProblem } from './problem.ts'

const ASSETS = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png']

/** The page loads nothing but its own files: it works offline, and nobody learns of it. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'"

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Identity reconciliation: API reference</title>
    <link rel="stylesheet" href="/docs/assets/swagger-ui.css">
    <link rel="icon" href="/docs/assets/favicon-32x32.png">
  </head>
  <body>
    <div id="reference"></div>
    <script src="/docs/assets/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`

const START = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#reference', deepLinking: true, validatorUrl: null })
`

/** `GET /openapi.json`, and `GET /docs`, where people read it and try it out. */
export async function docsRoutes(app: FastifyInstance, version: string): Promise<void> {
  const document = JSON.stringify(openApiDocument(version))
  app.get('/openapi.json', (_request, reply) => reply.type('application/json').send(document))

  await app.register(async (scope) => {
    // A path that leads out of the folder, or that no file can have.
    scope.setErrorHandler((error: FastifyError, request, reply) =>
      (error.statusCode ?? 500) < 500 ? sendNotFound(app, request, reply) : sendProblem(request, reply, error),
    )
    scope.addHook('onRequest', (_request, reply, done) => {
      reply.headers({
        'content-security-policy': CONTENT_SECURITY_POLICY,
        'cache-control': 'no-cache',
        'referrer-policy': 'no-referrer',
      })
      done()
    })
    for (const url of ['/docs', '/docs/']) {
      scope.get(url, (_request, reply) => reply.type('text/html; charset=utf-8').send(PAGE))
    }
    scope.get('/docs/start.js', (_request, reply) => reply.type('text/javascript; charset=utf-8').send(START))
    await scope.register(fastifyStatic, {
      root: dirname(fileURLToPath(import.meta.resolve('swagger-ui-dist/package.json'))),
      prefix: '/docs/assets/',
      cacheControl: false,
      allowedPath: (path) => ASSETS.includes(path.replace(/^\//, '')),
    })
  })
}
