import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/** One order of a made-up shop, as it comes in. */
export interface Order {
  orderId: string
  orderedAt: string
  email: string | null
  phoneNumber: string | number | null
}

/** What all orders together come to, with default region IN. */
export interface OrdersExpected {
  defaultRegion: 'IN'
  orders: number
  rejected: string[]
  persons: number
  contacts: number
  identifiers: number
  /** For each accepted order, the order that made its person's primary contact. */
  personOf: Record<string, string>
}

function read(name: string): string {
  return gunzipSync(readFileSync(new URL(`../data/${name}.gz`, import.meta.url))).toString('utf8')
}

/** 20,000 orders in time order, 30 of them to be refused. */
export function orders(): Order[] {
  return read('orders.ndjson')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Order)
}

export function ordersExpected(): OrdersExpected {
  return JSON.parse(read('expected.json')) as OrdersExpected
}
