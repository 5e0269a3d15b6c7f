// Mistakes that nothing here expects: each compiler must report every one of them.
import { createIdentityClient } from '@identity/client'
import type { Equal } from './equal.js'

const client = createIdentityClient({ url: 'http://localhost:8000' })
await client.identify.mutate({ emial: 'ann@shop.example' })
await client.identify.mutate({ email: 42 })
const { contact } = await client.identify.mutate({ email: 'ann@shop.example' })
export const id: string = contact.primaryContactId
await client.person.get({ contactId: 1 })
true satisfies Equal<typeof contact.emails, readonly string[]>
