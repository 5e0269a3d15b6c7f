import { identifyBatchRequest, identifyBatchResponse, MAX_BATCH_REQUESTS } from '../../contract.ts'
import { parse } from '../../parse.ts'
import { EXAMPLES } from '../examples.ts'
import type { RestOperation } from '../operation.ts'

const [KNOWN] = EXAMPLES
const INVALID = 'email must be an address such as "ann@example.com"; found "ann".'

/** `POST /identify/batch`: many orders in one request. */
export const identifyBatch: RestOperation = {
  operationId: 'identifyBatch',
  method: 'POST',
  path: '/identify/batch',
  async run(service, { body }) {
    const { requests } = parse(identifyBatchRequest, body)
    return { results: await service.identifyMany(requests) }
  },
  docs: {
    summary: `Identify the persons behind up to ${MAX_BATCH_REQUESTS.toLocaleString('en')} orders`,
    description:
      'As if the requests were sent to `/identify` one after another. Each result stands where its request stood; a request that is wrong, or that could not be served, is reported in its place and harms no other. Repeating is safe.',
    body: identifyBatchRequest,
    response: { description: 'What became of each request.', schema: identifyBatchResponse },
    examples: [
      {
        name: 'mixed',
        summary: 'A known customer, and a request that is wrong',
        url: '/identify/batch',
        body: { requests: [KNOWN!.request, { email: 'ann' }] },
        response: {
          results: [
            { status: 'ok', contact: KNOWN!.response.contact },
            {
              status: 'error',
              error: {
                code: 'invalid_request',
                message: INVALID,
                problems: [{ field: 'email', detail: INVALID }],
              },
            },
          ],
        },
      },
    ],
    // No `internal`: that is reported in its request's place.
    failures: ['invalid_request', 'payload_too_large', 'unsupported_media_type', 'rate_limited', 'unavailable'],
    invalid: { field: 'requests', detail: 'requests must be an array of requests; found nothing.' },
  },
}
