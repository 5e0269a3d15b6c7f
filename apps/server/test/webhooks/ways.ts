/** What somebody asks for, knowing the ids of an endpoint and of a dead letter. */
export interface Way {
  readonly method: string
  readonly path: string
  readonly body?: unknown
}

interface Ids {
  readonly endpointId: number
  readonly deadLetterId: number
}

function query(procedure: string, input?: unknown): Way {
  return {
    method: 'GET',
    path: `/trpc/webhooks.${procedure}?input=${encodeURIComponent(JSON.stringify({ json: input }))}`,
  }
}

function mutation(procedure: string, input: unknown): Way {
  return { method: 'POST', path: `/trpc/webhooks.${procedure}`, body: { json: input } }
}

const url = 'https://intruder.example/hooks'

/** Every way to do something about webhooks, those that take something away last. */
export const WEBHOOK_WAYS: Readonly<Record<string, (ids: Ids) => Way>> = {
  'trpc webhooks.create': () => mutation('create', { url }),
  'POST /webhooks': () => ({ method: 'POST', path: '/webhooks', body: { url } }),
  'trpc webhooks.list': () => query('list'),
  'GET /webhooks': () => ({ method: 'GET', path: '/webhooks' }),
  'trpc webhooks.deadLetters.list': ({ endpointId }) => query('deadLetters.list', { endpointId }),
  'GET /webhooks/dead-letters': () => ({ method: 'GET', path: '/webhooks/dead-letters' }),
  'trpc webhooks.update': ({ endpointId }) => mutation('update', { id: endpointId, url }),
  'PATCH /webhooks/{id}': ({ endpointId }) => ({ method: 'PATCH', path: `/webhooks/${endpointId}`, body: { url } }),
  'trpc webhooks.rotateSecret': ({ endpointId }) => mutation('rotateSecret', { id: endpointId }),
  'POST /webhooks/{id}/secret': ({ endpointId }) => ({ method: 'POST', path: `/webhooks/${endpointId}/secret` }),
  'trpc webhooks.deadLetters.retry': ({ deadLetterId }) => mutation('deadLetters.retry', { id: deadLetterId }),
  'POST /webhooks/dead-letters/{id}/retry': ({ deadLetterId }) => ({
    method: 'POST',
    path: `/webhooks/dead-letters/${deadLetterId}/retry`,
  }),
  'trpc webhooks.deadLetters.retryAll': ({ endpointId }) => mutation('deadLetters.retryAll', { endpointId }),
  'POST /webhooks/{id}/retry': ({ endpointId }) => ({ method: 'POST', path: `/webhooks/${endpointId}/retry` }),
  'trpc webhooks.delete': ({ endpointId }) => mutation('delete', { id: endpointId }),
  'DELETE /webhooks/{id}': ({ endpointId }) => ({ method: 'DELETE', path: `/webhooks/${endpointId}` }),
}
