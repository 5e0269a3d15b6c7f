// What an app does with the core, and what its compiler must make of it. Prints the answer to the third documented
// example, twice: of the store, and of the algorithm alone.
import {
  type CanonicalRequest,
  type Contact,
  canonicalRequest,
  IdentityError,
  type IdentityErrorCode,
  type IdentityStore,
  MemoryStore,
  type Outcome,
  type PersonView,
  type Preview,
  reconcile,
  viewOf,
  WorkingSet,
} from '@identity/core'
import type { Equal } from './equal.js'

const george = contact(11, 'george@hillvalley.edu', '919191', '2023-04-11T00:00:00.374Z')
const biff = contact(27, 'biffsucks@hillvalley.edu', '717171', '2023-04-21T05:30:00.110Z')
const request = canonicalRequest({ email: ' George@HillValley.edu ', phoneNumber: 717171 })
true satisfies Equal<typeof request, CanonicalRequest>
true satisfies Equal<typeof request.email, string | null>

const store = new MemoryStore({ contacts: { 1: [george, biff] }, now: () => new Date() })
const usedAs: IdentityStore = store
const [result] = await store.identify(1, [request])
if (!result) throw new Error('one answer a request')
true satisfies Equal<typeof result.outcome, Outcome>
true satisfies Equal<Outcome, 'existing' | 'created' | 'linked' | 'merged' | 'refused'>
true satisfies Equal<typeof result.person, PersonView>
true satisfies Equal<
  PersonView,
  { primaryContactId: number; emails: string[]; phoneNumbers: string[]; secondaryContactIds: number[] }
>

const found = await usedAs.find(1, { contactId: 27 })
true satisfies Equal<typeof found, PersonView | null>
const foreseen = await usedAs.preview(1, { email: null, phoneNumber: '717171' })
true satisfies Equal<typeof foreseen, Preview>
true satisfies Equal<typeof foreseen.person.primaryContactId, number | null>

const reconciled = reconcile(new WorkingSet([george, biff]).find, request, { at: new Date(), newId: () => 28 })
true satisfies Equal<typeof reconciled.added, Contact | null>
true satisfies Equal<typeof reconciled.changed, readonly Contact[]>

try {
  canonicalRequest({})
} catch (error) {
  if (!(error instanceof IdentityError)) throw error
  true satisfies Equal<typeof error.code, IdentityErrorCode>
  true satisfies Equal<typeof error.retryAfterS, number | undefined>
}

console.log(JSON.stringify([result, { outcome: reconciled.outcome, person: viewOf(reconciled.person) }]))

/** Never called: each line is one that the compiler must refuse. */
export function refused(): void {
  // @ts-expect-error an e-mail is a string
  canonicalRequest({ email: 42 })
  // @ts-expect-error no such field
  canonicalRequest({ emial: 'ann@shop.example' })
  // @ts-expect-error a region is two letters that are one
  canonicalRequest({ phoneNumber: '1' }, { defaultRegion: 'ZZ' })
  // @ts-expect-error requests go through canonicalRequest first
  void store.identify(1, [{ email: 'Ann@shop.example' }])
  // @ts-expect-error either way of looking a person up, not none
  void store.find(1, {})
  // @ts-expect-error answers are not changed in place
  george.email = null
  // @ts-expect-error a person may not be there
  found.emails
}

function contact(id: number, email: string, phoneNumber: string, createdAt: string): Contact {
  const at = new Date(createdAt)
  const rest = { linkedId: null, linkPrecedence: 'primary', deletedAt: null } as const
  return { id, email, phoneNumber, createdAt: at, updatedAt: at, ...rest }
}
