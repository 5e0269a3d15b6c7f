import type { IdentityErrorCode } from '@identity/core'
import { z } from 'zod'
import { identifyRequest, identifyResponse, problemDocument } from '../contract.ts'
import { TRANSPORT } from '../errors.ts'
import type { ProblemDocument } from '../types.ts'
import { EXAMPLES } from './examples.ts'

const JSON_TYPE = 'application/json'
const PROBLEM_TYPE = 'application/problem+json'

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

const TAG = { name: 'Identity', description: 'From what orders tell to who placed them.' }

const RETRY_AFTER = { 'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer', minimum: 0 } } }

/** One response a code; those that a caller should repeat say when. */
function problemResponses(descriptions: Partial<Record<IdentityErrorCode, string>>) {
  return Object.fromEntries(
    Object.entries(descriptions).map(([code, description]) => [
      TRANSPORT[code as IdentityErrorCode].status,
      {
        description,
        ...((code === 'unavailable' || code === 'rate_limited') && { headers: RETRY_AFTER }),
        content: {
          [PROBLEM_TYPE]: {
            schema: reference(problemDocument),
            example: problemExample(code as IdentityErrorCode, description),
          },
        },
      },
    ]),
  )
}

function problemExample(code: IdentityErrorCode, detail: string): ProblemDocument {
  const { status, title } = TRANSPORT[code]
  const example = { type: 'about:blank', title, status, code, detail }
  if (code !== 'invalid_request') return example
  const problem = 'email must be an address such as "ann@example.com"; found "ann".'
  return { ...example, detail: problem, errors: [{ field: 'email', detail: problem }] }
}

/** The OpenAPI 3.1 document of the plain HTTP routes, made from the contract. */
export function openApiDocument(version: string) {
  return {
    openapi: '3.1.1',
    info: {
      title: 'Identity reconciliation',
      version,
      summary: 'The one person behind an e-mail, a phone number or both.',
      description:
        'Contacts that share an e-mail or a phone number, directly or through others, are one person; the oldest contact is primary.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    tags: [TAG],
    servers: [{ url: '/', description: 'The server that this document came from.' }],
    paths: {
      '/identify': {
        post: {
          operationId: 'identify',
          tags: [TAG.name],
          summary: 'Identify the person behind an order',
          description:
            'Makes a new person, adds a contact to one, or merges several, as the request tells; answers with the person. A repeated request changes nothing, so repeating is safe.',
          requestBody: {
            required: true,
            content: {
              [JSON_TYPE]: {
                schema: reference(identifyRequest),
                examples: Object.fromEntries(
                  EXAMPLES.map(({ name, summary, request }) => [name, { summary, value: request }]),
                ),
              },
            },
          },
          responses: {
            200: {
              description: 'The person.',
              content: {
                [JSON_TYPE]: {
                  schema: reference(identifyResponse),
                  examples: Object.fromEntries(
                    EXAMPLES.map(({ name, summary, response }) => [name, { summary, value: response }]),
                  ),
                },
              },
            },
            ...problemResponses({
              invalid_request: 'The request is not valid; `errors` names each field.',
              payload_too_large: 'The body is too large.',
              unsupported_media_type: 'The body is not JSON.',
              rate_limited: 'Too many requests from this client.',
              internal: 'The service failed; its log says why.',
              unavailable: 'The service cannot serve now. Repeating is safe.',
            }),
          },
        },
      },
    },
    components: { schemas: componentSchemas() },
  }
}
