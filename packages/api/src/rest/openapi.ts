import type { FieldProblem, IdentityErrorCode } from '@identity/core'
import { z } from 'zod'
import { problemDocument as problemSchema } from '../contract.ts'
import { TRANSPORT } from '../errors.ts'
import type { ProblemDocument } from '../types.ts'
import { FAILURES, NOT_OWN_NAME } from './failures.ts'
import type { OperationExample, ParameterDocs, RestOperation } from './operation.ts'
import { OPERATIONS } from './operations/index.ts'
import { PROBLEM_TYPE } from './problem-document.ts'

const JSON_TYPE = 'application/json'
const TAG = { name: 'Identity', description: 'From what orders tell to who placed them.' }
const API_KEY = {
  type: 'http',
  scheme: 'bearer',
  bearerFormat: 'idk_<id>_<secret>',
  description:
    'An API key. It decides the workspace, and what may be done in it: `read` looks persons up, explains them, previews, and lists events and rules, `identify` also calls /identify and /identify/batch, `admin` may do everything, as correcting persons and changing rules. A service without any key asks for none.',
}
const WWW_AUTHENTICATE = { 'WWW-Authenticate': { description: 'Bearer (RFC 6750).', schema: { type: 'string' } } }
const RETRY_AFTER = { 'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer', minimum: 0 } } }

/** The OpenAPI 3.1 document of the plain HTTP operations, made from the contract. */
export function openApiDocument(version: string) {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const operation of OPERATIONS) {
    paths[operation.path] = { ...paths[operation.path], [operation.method.toLowerCase()]: operationObject(operation) }
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Identity reconciliation',
      version,
      summary: 'The one person behind an e-mail, a phone number or both.',
      description:
        'Contacts that share an e-mail or a phone number, directly or through others, are one person; the oldest contact is primary. Errors are problem documents (RFC 9457). A request that fails with 429 or 503, or gets no answer, can be repeated, which changes nothing more; only `createWebhook` and `rotateWebhookSecret` make another endpoint or secret each time.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    tags: [TAG],
    servers: [
      { url: '/', description: 'The server that this document came from.' },
      { url: 'http://localhost:8000', description: 'A server as it is started without any settings.' },
    ],
    paths,
    // Either is enough: whether a service asks for a key is its own matter.
    security: [{ apiKey: [] }, {}],
    components: { schemas: componentSchemas(), securitySchemes: { apiKey: API_KEY } },
  }
}

function operationObject({ operationId, docs }: RestOperation) {
  const { summary, description, parameters, body, response, examples, failures, failureTexts, invalid } = docs
  return {
    operationId,
    tags: [TAG.name],
    summary,
    description,
    ...(parameters && { parameters: parameters.map(parameterObject) }),
    ...(body && {
      requestBody: {
        required: true,
        content: { [JSON_TYPE]: { schema: reference(body), examples: exampleObjects(examples, 'body') } },
      },
    }),
    responses: {
      200: {
        description: response.description,
        content: {
          [JSON_TYPE]: { schema: reference(response.schema), examples: exampleObjects(examples, 'response') },
        },
      },
      ...(invalid && { 400: invalidResponse(invalid) }),
      ...(!failures.includes('forbidden') && {
        403: problemResponse('forbidden', NOT_OWN_NAME.description, NOT_OWN_NAME.detail),
      }),
      ...Object.fromEntries(
        failures.map((code) => {
          const { description, detail } = failureTexts?.[code] ?? FAILURES[code]
          return [TRANSPORT[code].status, problemResponse(code, description, detail)]
        }),
      ),
    },
  }
}

function parameterObject({ name, in: place, description, schema, example }: ParameterDocs) {
  return { name, in: place, required: place === 'path', description, schema: inline(schema), example }
}

function exampleObjects(examples: readonly OperationExample[], part: 'body' | 'response') {
  return Object.fromEntries(
    examples.map((example) => [example.name, { summary: example.summary, value: example[part] }]),
  )
}

function invalidResponse(invalid: FieldProblem) {
  const when = 'The request is not valid; `errors` names each field.'
  return problemResponse('invalid_request', when, invalid.detail, { errors: [invalid] })
}

/** One response a code; those that a caller should repeat say when. */
function problemResponse(code: IdentityErrorCode, when: string, detail: string, more: Partial<ProblemDocument> = {}) {
  const { status, title } = TRANSPORT[code]
  return {
    description: when,
    ...((code === 'unavailable' || code === 'rate_limited') && { headers: RETRY_AFTER }),
    ...((code === 'unauthenticated' || code === 'forbidden') && { headers: WWW_AUTHENTICATE }),
    content: {
      [PROBLEM_TYPE]: {
        schema: reference(problemSchema),
        example: { type: 'about:blank', title, status, code, detail, ...more },
      },
    },
  }
}

/** JSON Schemas of all that the contract gives an id. */
function componentSchemas(): Record<string, unknown> {
  const { schemas } = z.toJSONSchema(z.globalRegistry, {
    target: 'draft-2020-12',
    io: 'input',
    uri: (id) => `#/components/schemas/${id}`,
  })
  return Object.fromEntries(Object.entries(schemas).map(([id, { $schema: _, $id: __, ...schema }]) => [id, schema]))
}

function reference(schema: z.ZodType) {
  return { $ref: `#/components/schemas/${schema.meta()!.id}` }
}

function inline(schema: z.ZodType) {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input' })
  return rest
}
