// What an app does with the client, and what its compiler must make of it. Prints the service's answers.
import {
  createIdentityClient,
  type Event,
  type IdentifyAnswer,
  type IdentifyManyResult,
  type IdentifyRequest,
  type IdentifyResponse,
  IdentityClientError,
  type IdentityClientErrorCode,
  type Person,
  type PreviewResponse,
} from '@identity/client'
import type { Equal } from './equal.js'

const client = createIdentityClient({ url: 'http://localhost:8000', timeoutMs: 5_000, retry: { maxAttempts: 2 } })

const answer = await client.identify.mutate(
  { email: 'lorraine@hillvalley.edu', phoneNumber: '123456' },
  { signal: new AbortController().signal },
)
true satisfies Equal<typeof answer, IdentifyAnswer>
true satisfies Equal<IdentifyResponse, { contact: Person }>
true satisfies Equal<
  Person,
  { primaryContactId: number; emails: string[]; phoneNumbers: string[]; secondaryContactIds: number[] }
>

const many = await client.identifyMany.mutate([{ email: 'mcfly@hillvalley.edu', phoneNumber: 123456 }, { email: 'x' }])
true satisfies Equal<typeof many, IdentifyManyResult[]>
true satisfies Equal<(typeof many)[number]['status'], 'ok' | 'error'>

const foreseen = await client.preview.query({ phoneNumber: '717171' })
true satisfies Equal<typeof foreseen, PreviewResponse>
true satisfies Equal<typeof foreseen.outcome, 'existing' | 'created' | 'linked' | 'merged' | 'refused'>
true satisfies Equal<typeof foreseen.contact.primaryContactId, number | null>

const found = await client.person.get.query({ contactId: 2 })
true satisfies Equal<typeof found, IdentifyResponse | null>

const { events } = await client.events.list.query({ limit: 10 })
true satisfies Equal<(typeof events)[number], Event>
const [event] = events
if (event?.type === 'persons.merged') true satisfies Equal<(typeof event)['absorbed'], readonly number[]>

const failure = await client.identify.mutate({ email: 'ann' }).catch((error: unknown) => error)
if (!(failure instanceof IdentityClientError)) throw failure
true satisfies Equal<typeof failure.code, IdentityClientErrorCode>
true satisfies Equal<typeof failure.status, number | undefined>
true satisfies Equal<typeof failure.retryAfterS, number | undefined>
const { code, problems } = failure

console.log(JSON.stringify({ answer, many, foreseen, found, failure: { code, fields: problems.map((p) => p.field) } }))

/** Never called: the compiler accepts every one. */
export function accepted(request: IdentifyRequest): void {
  void client.identify.mutate(request)
  void client.identify.mutate({ email: null, phoneNumber: undefined })
  void client.person.get.query({ phoneNumber: 123456 })
  const { unsubscribe } = client.events.subscribe.subscribe({}, { onData: ({ id, data }) => id === data.id })
  unsubscribe()
  createIdentityClient({ url: new URL('https://identity.example'), apiKey: 'key', fetch, retry: false })
  createIdentityClient({ url: 'https://identity.example', headers: async () => ({ 'x-request-id': '1' }) })
}

/** Never called: the compiler refuses every one. */
export function refused(): void {
  // @ts-expect-error an e-mail is a string
  void client.identify.mutate({ email: 42 })
  // @ts-expect-error no such field
  void client.identify.mutate({ emial: 'ann@shop.example' })
  // @ts-expect-error a phone number is a string or a number
  void client.identify.mutate({ phoneNumber: true })
  // @ts-expect-error a request is needed
  void client.identify.mutate()
  // @ts-expect-error identify may write, so it is no query
  void client.identify.query({ email: 'ann@shop.example' })
  // @ts-expect-error many requests are a list
  void client.identifyMany.mutate({ email: 'ann@shop.example' })
  // @ts-expect-error a person has ids, not an id
  void client.person.get.query({ id: 1 })
  // @ts-expect-error a cursor is an event's id
  void client.events.list.query({ after: 17 })
  // @ts-expect-error no such procedure
  void client.identity
  // @ts-expect-error an address is needed
  createIdentityClient({})
  // @ts-expect-error units are in the names
  createIdentityClient({ url: 'https://identity.example', timeout: 5 })
  // @ts-expect-error no answer has it
  void answer.contact.id
  // @ts-expect-error nobody may have the id
  void found.contact
}
