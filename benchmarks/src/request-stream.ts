import type { Shares } from './workloads.ts'

export interface StreamOptions {
  shares: Shares
  /** Customers known beforehand: 0 to `customers - 1` of run 0. */
  customers: number
  /** From 1 to 8,999. Streams of one run are the same; streams of two runs share no newcomer. */
  run: number
}

/** Newcomers that wait before something is asked about them, so that their own request is answered by then. */
const LAG = 500

/** One request as JSON. The kind keeps first phone numbers (1) and added ones (2) apart. */
function body(run: number, emailOf: number, phoneOf: number, kind: 1 | 2): string {
  // Numbers of a fixed width: every body has the same size.
  const email = `c${1000 + run}-${10_000_000 + emailOf}@shop.example`
  return `{"email":"${email}","phoneNumber":"+${kind}${1000 + run}${10_000_000 + phoneOf}"}`
}

/** The request of a customer who is known beforehand. */
export function customerBody(customer: number): string {
  return body(0, customer, customer, 1)
}

/**
 * The requests of a run, one after another, each as JSON. The same options give the same requests. `wrk.lua` is this
 * function once more, in the language of wrk; change both together.
 */
export function requestStream({ shares, customers, run }: StreamOptions): () => string {
  const random = randomNumbers(run)
  const { repeats, additions, merges } = shares
  let made = 0
  let used = 0
  return () => {
    const share = random() % 100
    if (share < repeats) return customerBody(random() % customers)
    // Each newcomer is used up once, so persons stay small. While too few have come, more come.
    if (share < repeats + additions && made - used > LAG) {
      const newcomer = used++
      return body(run, newcomer, newcomer, 2)
    }
    if (share >= repeats + additions && share < repeats + additions + merges && made - used > LAG) {
      const newcomer = used
      used += 2
      return body(run, newcomer, newcomer + 1, 1)
    }
    const newcomer = made++
    return body(run, newcomer, newcomer, 1)
  }
}

/** Park and Miller's generator: exact in the doubles that JavaScript and Lua share. */
function randomNumbers(seed: number): () => number {
  let state = seed * 1_000_003
  return () => {
    state = (state * 16_807) % 2_147_483_647
    return state
  }
}
