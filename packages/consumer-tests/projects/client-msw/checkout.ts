import { createIdentityClient, IdentityClientError } from '@identity/client'

const client = createIdentityClient({ url: 'http://identity.test', retry: { maxAttempts: 2, baseDelayMs: 0 } })

/** The app's own code: whom an order is from, null where the service cannot say now. */
export async function customerOf(order: { email: string; phone: string }): Promise<number | null> {
  try {
    const { contact } = await client.identify.mutate({ email: order.email, phoneNumber: order.phone })
    return contact.primaryContactId
  } catch (error) {
    if (error instanceof IdentityClientError && ['unavailable', 'unreachable'].includes(error.code)) return null
    throw error
  }
}
