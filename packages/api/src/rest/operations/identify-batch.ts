import { identifyBatchRequest, identifyBatchResponse, MAX_BATCH_REQUESTS } from '../../contract.ts'
import { parse } from '../../parse.ts'
import { EXAMPLES, NOT_AN_ADDRESS } from '../examples.ts'
import type { RestOperation } from '../operation.ts'

const [KNOWN] = EXAMPLES

/** `POST /identify/batch`: many orders in one request. */
export const identifyBatch: RestOperation = {
  operationId: 'identifyBatch',
  method: 'POST',
  path: '/identify/batch',
  // Three times what the longest requests take.
  bodyLimitBytes: 1024 * 1024,
  async run(service, { body, origin }) {
    const { requests } = parse(identifyBatchRequest, body)
    return { results: await service.identifyMany(requests, origin) }
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
              error: { code: 'invalid_request', message: NOT_AN_ADDRESS.detail, problems: [NOT_AN_ADDRESS] },
            },
          ],
        },
      },
    ],
    // No `internal`: that is reported in its request's place.
    failures: [
      'unauthenticated',
      'forbidden',
      'payload_too_large',
      'unsupported_media_type',
      'rate_limited',
      'unavailable',
    ],
    invalid: { field: 'requests', detail: 'requests must be an array of requests; found nothing.' },
  },
}
