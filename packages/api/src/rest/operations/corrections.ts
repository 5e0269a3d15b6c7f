import {
  contactRequest,
  correctionResponse,
  eraseRequest,
  eraseResponse,
  splitRequest,
  splitResponse,
  undoRequest,
} from '../../correction-contract.ts'
import { parse } from '../../parse.ts'
import { CORRECTION_EXAMPLES } from '../correction-examples.ts'
import type { DocumentedFailure } from '../failures.ts'
import type { RestOperation } from '../operation.ts'

const BODY_LIMIT_BYTES = 16 * 1024
/** As many contacts as one split takes, and some more. */
const SPLIT_LIMIT_BYTES = 256 * 1024

const FAILURES: readonly DocumentedFailure[] = [
  'unauthenticated',
  'forbidden',
  'not_found',
  'payload_too_large',
  'unsupported_media_type',
  'rate_limited',
  'internal',
  'unavailable',
]
const EXCLUSIVE = 'One transaction: whatever is identified meanwhile comes before it or after it.'
const NOT_A_CONTACT = { field: 'contactId', detail: 'contactId must be a positive whole number; found nothing.' }

/** `POST /persons/split`. */
export const splitPerson: RestOperation = {
  operationId: 'splitPerson',
  method: 'POST',
  path: '/persons/split',
  bodyLimitBytes: SPLIT_LIMIT_BYTES,
  run: (service, { body, origin }) => service.corrections.split(parse(splitRequest, body), origin),
  docs: {
    summary: 'Make contacts of a person a person of their own',
    description: `The oldest of them is its primary. A value that contacts on both sides carry stays with the contact that carried it first. Unless keepApart is false, no later order joins the two again. ${EXCLUSIVE}`,
    body: splitRequest,
    response: { description: 'The person that remains, and the one split off.', schema: splitResponse },
    examples: CORRECTION_EXAMPLES.split,
    failures: [...FAILURES, 'conflict'],
    invalid: { field: 'contactIds', detail: 'contactIds must name at least one contact; found none.' },
  },
}

/** `POST /merges/undo`. */
export const undoMerge: RestOperation = {
  operationId: 'undoMerge',
  method: 'POST',
  path: '/merges/undo',
  bodyLimitBytes: BODY_LIMIT_BYTES,
  run: (service, { body, origin }) => service.corrections.undo(parse(undoRequest, body), origin),
  docs: {
    summary: 'Take a merge back',
    description: `The persons are as they were before the event; contacts added since go to the side whose values they carry. Where something later depends on the merge, it is refused: errors names each obstacle. ${EXCLUSIVE}`,
    body: undoRequest,
    response: {
      description: 'The person that survived the merge, and those it had absorbed.',
      schema: correctionResponse,
    },
    examples: CORRECTION_EXAMPLES.undo,
    failures: [...FAILURES.filter((code) => code !== 'not_found'), 'conflict'],
    invalid: {
      field: 'eventId',
      detail: 'eventId must be the id of an event of this workspace, such as "17-0"; found "x".',
    },
  },
}

/** `POST /contacts/delete`. */
export const deleteContact: RestOperation = {
  operationId: 'deleteContact',
  method: 'POST',
  path: '/contacts/delete',
  bodyLimitBytes: BODY_LIMIT_BYTES,
  run: (service, { body, origin }) => service.corrections.deleteContact(parse(contactRequest, body), origin),
  docs: {
    summary: 'Take a contact out of matching and answers',
    description: `Its values are free where no other contact carries them; the next oldest is primary where it was; and the person comes apart where it alone held the parts together. /contacts/restore takes that back. ${EXCLUSIVE}`,
    body: contactRequest,
    response: { description: 'What the person comes to without it.', schema: correctionResponse },
    examples: CORRECTION_EXAMPLES.delete,
    failures: FAILURES,
    invalid: NOT_A_CONTACT,
  },
}

/** `POST /contacts/restore`. */
export const restoreContact: RestOperation = {
  operationId: 'restoreContact',
  method: 'POST',
  path: '/contacts/restore',
  bodyLimitBytes: BODY_LIMIT_BYTES,
  run: (service, { body, origin }) => service.corrections.restoreContact(parse(contactRequest, body), origin),
  docs: {
    summary: 'Take the deletion of a contact back',
    description: `Everybody who shares a value with it becomes one person, whoever came to it meanwhile included; 409 where a separation or a limit forbids that. ${EXCLUSIVE}`,
    body: contactRequest,
    response: { description: 'The persons it comes to.', schema: correctionResponse },
    examples: CORRECTION_EXAMPLES.restore,
    failures: [...FAILURES, 'conflict'],
    invalid: NOT_A_CONTACT,
  },
}

/** `POST /persons/erase`. */
export const erasePerson: RestOperation = {
  operationId: 'erasePerson',
  method: 'POST',
  path: '/persons/erase',
  bodyLimitBytes: BODY_LIMIT_BYTES,
  run: (service, { body, origin }) => service.corrections.erase(parse(eraseRequest, body), origin),
  docs: {
    summary: 'Erase a person for good',
    description: `All of its contacts, deleted ones included, and every value go; an event with ids alone remains. Nothing takes that back. ${EXCLUSIVE}`,
    body: eraseRequest,
    response: { description: 'What is gone.', schema: eraseResponse },
    examples: CORRECTION_EXAMPLES.erase,
    failures: FAILURES,
    invalid: NOT_A_CONTACT,
  },
}
