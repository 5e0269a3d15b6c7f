// Mistakes that nothing here expects: each compiler must report every one of them.
import { canonicalRequest, MemoryStore } from '@identity/core'
import type { Equal } from './equal.js'

canonicalRequest({ emial: 'ann@shop.example' })
canonicalRequest({ email: 42 })
export const results: string = await new MemoryStore().identify(1, [])
true satisfies Equal<typeof canonicalRequest, typeof String>
