import {
  type Corrected,
  type EraseResult,
  type FieldProblem,
  IdentityError,
  type IdentityErrorCode,
  NO_ORIGIN,
  type Origin,
  type Outcome,
  type PersonView,
  type Preview,
  type RecordedEvent,
  type SplitResult,
} from '@identity/core'
import type { LogReader } from './read-log.ts'
import type { StoreUnderTest } from './run.ts'

/** A person as the service names it. */
interface Found {
  readonly contact: PersonView
}

/** As tRPC answers, in superjson's form. */
type Envelope<T> =
  | { readonly result: { readonly data: { readonly json: T } } }
  | { readonly error: { readonly json: { readonly message: string; readonly data: ErrorData } } }

interface ErrorData {
  readonly identityCode: IdentityErrorCode
  readonly problems: readonly FieldProblem[]
}

/**
 * A server as a store, over tRPC, which unlike plain HTTP tells the outcome of identify. Nothing is repeated: a call whose
 * answer is lost may have been done. It asks for the workspace that the server knows its callers by.
 */
export function storeOverHttp(url: string): StoreUnderTest & LogReader {
  const read = <T>(procedure: string, input: object): Promise<T> =>
    answerOf(fetch(`${url}/trpc/${procedure}?input=${encodeURIComponent(JSON.stringify({ json: input }))}`))
  const write = <T>(procedure: string, input: object, { requestId }: Origin = NO_ORIGIN): Promise<T> => {
    const headers = { 'content-type': 'application/json', ...(requestId !== null && { 'x-request-id': requestId }) }
    return answerOf(
      fetch(`${url}/trpc/${procedure}`, { method: 'POST', headers, body: JSON.stringify({ json: input }) }),
    )
  }
  return {
    async identify(_workspaceId, [request, ...more], origin) {
      if (!request || more.length > 0) throw new Error('over HTTP, several requests of a call are done one by one')
      const { contact, outcome } = await write<Found & { outcome: Outcome }>('identify', orderOf(request), origin)
      return [{ person: contact, outcome }]
    },
    async preview(_workspaceId, request) {
      const foreseen = await read<Omit<Preview, 'person'> & { contact: Preview['person'] }>('preview', orderOf(request))
      const { outcome, contact, newContact, movedContactIds, refusal } = foreseen
      return { outcome, person: contact, newContact, movedContactIds, refusal }
    },
    async find(_workspaceId, query) {
      const { kind, value } = 'identifier' in query ? query.identifier : { kind: 'contact', value: query.contactId }
      const field = kind === 'email' ? 'email' : kind === 'phone' ? 'phoneNumber' : 'contactId'
      return (await read<Found | null>('person.get', { [field]: value }))?.contact ?? null
    },
    inquiries: {
      history: async (_workspaceId, contactId, { after, limit }) =>
        (await read<{ events: RecordedEvent[] }>('person.history', { contactId, after, limit })).events,
    },
    events: async (_workspaceId, query) => (await read<{ events: RecordedEvent[] }>('events.list', query)).events,
    rules: {
      separate: (_workspaceId, contactIds, origin) => write('separations.create', { contactIds }, origin),
    },
    corrections: {
      split: (_workspaceId, { contactIds, keepApart }, options) =>
        write<SplitResult>('person.split', { contactIds, keepApart }, options?.origin),
      undo: (_workspaceId, eventId, options) => write<Corrected>('merge.undo', { eventId }, options?.origin),
      deleteContact: (_workspaceId, contactId, options) =>
        write<Corrected>('contact.delete', { contactId }, options?.origin),
      restoreContact: (_workspaceId, contactId, options) =>
        write<Corrected>('contact.restore', { contactId }, options?.origin),
      erase: (_workspaceId, query, options) => write<EraseResult>('person.erase', query, options?.origin),
    },
  }
}

function orderOf({ email, phoneNumber }: { readonly email: string | null; readonly phoneNumber: string | null }) {
  return { email, phoneNumber }
}

/** @throws IdentityError for whatever the server answers with but a result */
async function answerOf<T>(response: Promise<Response>): Promise<T> {
  const envelope = (await (await response).json()) as Envelope<T>
  if ('result' in envelope) return envelope.result.data.json
  const { message, data } = envelope.error.json
  throw new IdentityError(data.identityCode, message, { problems: data.problems })
}
