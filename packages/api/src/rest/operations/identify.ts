import { identifyRequest, identifyResponse } from '../../contract.ts'
import { parse } from '../../parse.ts'
import { EXAMPLES, NOT_AN_ADDRESS } from '../examples.ts'
import type { RestOperation } from '../operation.ts'

/** `POST /identify`: body in, person out, no more than that on the way. */
export const identify: RestOperation = {
  operationId: 'identify',
  method: 'POST',
  path: '/identify',
  // Far more than any request needs: an e-mail has 254 bytes at most.
  bodyLimitBytes: 16 * 1024,
  // Not an async function, nor is what it calls: each would make 300 bytes of garbage more.
  run(service, request) {
    return service
      .identify(parse(identifyRequest, request.body), request.origin, request)
      .then(({ contact }) => ({ contact }))
  },
  docs: {
    summary: 'Identify the person behind an order',
    description:
      'Makes a new person, adds a contact to one, or merges several, as the request tells; answers with the person. A repeated request changes nothing, so repeating is safe.',
    body: identifyRequest,
    response: { description: 'The person.', schema: identifyResponse },
    examples: EXAMPLES.map(({ name, summary, request, response }) => ({
      name,
      summary,
      url: '/identify',
      body: request,
      response,
    })),
    failures: [
      'unauthenticated',
      'forbidden',
      'payload_too_large',
      'unsupported_media_type',
      'identifier_blocked',
      'rate_limited',
      'internal',
      'unavailable',
    ],
    invalid: NOT_AN_ADDRESS,
  },
}
