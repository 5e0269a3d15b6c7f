// What another team makes of the OpenAPI document with tools that know nothing of this repository. `api.ts` is generated.
import createClient from 'openapi-fetch'
import type { paths } from './api.js'
import type { Equal } from './equal.js'

const api = createClient<paths>({ baseUrl: 'http://localhost:8000' })

const identified = await api.POST('/identify', { body: { email: 'ann+shop@example.com', phoneNumber: '+14155550100' } })
if (!identified.data) throw new Error(identified.error.detail)
true satisfies Equal<typeof identified.data.contact.primaryContactId, number>
true satisfies Equal<typeof identified.data.contact.emails, string[]>

const batch = await api.POST('/identify/batch', {
  body: { requests: [{ phoneNumber: '+1 (415) 555-0100' }, { email: 'ann' }] },
})
const statuses = batch.data?.results.map((result) => (result.status === 'ok' ? result.contact : result.error.code))

const byEmail = await api.GET('/persons', { params: { query: { email: 'ann+shop@example.com' } } })
const byPhone = await api.GET('/persons', { params: { query: { phoneNumber: '+14155550100' } } })
const { primaryContactId: contactId } = identified.data.contact
const byId = await api.GET('/persons/{contactId}', { params: { path: { contactId } } })

const nobody = await api.GET('/persons/{contactId}', { params: { path: { contactId: 999 } } })
true satisfies Equal<NonNullable<typeof nobody.error>['detail'], string>
const refused = await api.POST('/identify', { body: { email: 'ann' } })

console.log(
  JSON.stringify({
    found: [byEmail, byPhone, byId].map(({ data }) => data?.contact.primaryContactId),
    statuses,
    nobody: nobody.error?.status,
    refused: refused.error?.errors?.map(({ field }) => field),
  }),
)

/** Never called: the compiler refuses every one. */
export function wrong(): void {
  // @ts-expect-error an e-mail is a string
  void api.POST('/identify', { body: { email: 42 } })
  // @ts-expect-error a batch is an object with requests
  void api.POST('/identify/batch', { body: [] })
  // @ts-expect-error an id is a number
  void api.GET('/persons/{contactId}', { params: { path: { contactId: 'one' } } })
  // @ts-expect-error no such path
  void api.GET('/people')
}
