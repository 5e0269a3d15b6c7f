import { identifyRequest } from '../../contract.ts'
import { parse } from '../../parse.ts'
import { previewResponse } from '../../preview-contract.ts'
import { EXAMPLES, NOT_AN_ADDRESS } from '../examples.ts'
import type { RestOperation } from '../operation.ts'

const [KNOWN, NEW, MERGE] = EXAMPLES
const NOTHING = { newContact: null, movedContactIds: [], refusal: null }
const url = '/identify/preview'

/** `POST /identify/preview`. The order is in the body: addresses are logged on their way. */
export const previewIdentify: RestOperation = {
  operationId: 'previewIdentify',
  method: 'POST',
  path: url,
  bodyLimitBytes: 16 * 1024,
  run: (service, { body }) => service.preview(parse(identifyRequest, body)),
  docs: {
    summary: 'Say what identify would answer and do',
    description:
      'The person that would come of the order, the contact that would be added, and the contacts that would come to another person. Writes nothing.',
    body: identifyRequest,
    response: { description: 'What would come of it.', schema: previewResponse },
    examples: [
      {
        name: 'known',
        summary: 'A known customer: nothing would change',
        url,
        body: KNOWN!.request,
        response: { outcome: 'existing', contact: KNOWN!.response.contact, ...NOTHING },
      },
      {
        name: 'new',
        summary: 'A new customer: the contact to be has no id yet',
        url,
        body: NEW!.request,
        response: {
          ...NOTHING,
          outcome: 'created',
          contact: { ...NEW!.response.contact, primaryContactId: null },
          newContact: { ...NEW!.request, linkPrecedence: 'primary' },
        },
      },
      {
        name: 'merge',
        summary: 'An e-mail of one and a phone of another: the two would become one',
        url,
        body: MERGE!.request,
        response: { ...NOTHING, outcome: 'merged', contact: MERGE!.response.contact, movedContactIds: [27] },
      },
    ],
    failures: [
      'unauthenticated',
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
