import type { OperationExample } from './operation.ts'

/** What is listed of a service that has just met its first customer. */
export const EVENT_EXAMPLES: readonly OperationExample[] = [
  { name: 'none', summary: 'Nothing has happened yet', url: '/events', response: { events: [] } },
]
