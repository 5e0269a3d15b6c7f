import { createIdentityClient } from '@identity/client'
import { checkoutApp } from './app.ts'

// A customer is waiting: better an order without a customer's history than a slow checkout.
const identity = createIdentityClient({ url: process.env.IDENTITY_URL ?? 'http://localhost:8000', timeoutMs: 1_500 })

const url = await checkoutApp(identity).listen({ port: Number(process.env.PORT ?? 3_000) })
console.log(`checkout on ${url}; POST ${url}/orders`)
