import type { Shares } from './workloads.ts'

export interface StreamOptions {
  shares: Shares
  /** Customers known beforehand: 0 to `customers - 1` of run 0. */
  customers: number
  /** Newcomers that wait before something is asked about them, so that their own request is answered by then. */
  lag: number
  /** From 1 to 8,998. Streams of one run are the same; streams of two runs share no newcomer. */
  run: number
}

/** The run whose number 0 is the hot person. */
export const HOT_RUN = 8_999
/** E-mails of the hot person, and so contacts. */
export const HOT_CONTACTS = 1_000

/** One request as JSON. The kind keeps first phone numbers (1) and added ones (2) apart. */
function body(run: number, emailOf: number, phoneOf: number, kind: 1 | 2): string {
  // Numbers of a fixed width: every body has the same size.
  const email = `c${1000 + run}-${10_000_000 + emailOf}@shop.example`
  return `{"email":"${email}","phoneNumber":"+${kind}${1000 + run}${10_000_000 + phoneOf}"}`
}

/** The request of a customer who is known beforehand. `seed.ts` writes the same values in SQL. */
export function customerBody(customer: number): string {
  return body(0, customer, customer, 1)
}

/** A request of the hot person, by one of the e-mails. */
export function hotBody(email: number): string {
  return body(HOT_RUN, email, 0, 1)
}

/**
 * The requests of a run, one after another, each as JSON. The same options give the same requests. `wrk.lua` is this
 * function once more, in the language of wrk; change both together.
 */
export function requestStream({ shares, customers, lag, run }: StreamOptions): () => string {
  const random = randomNumbers(run)
  const { repeats, additions, merges, hot } = shares
  let made = 0
  let used = 0
  return () => {
    let share = random() % 100
    if (share < repeats) return customerBody(random() % customers)
    share -= repeats
    if (share < hot) return hotBody(random() % HOT_CONTACTS)
    share -= hot
    // Each newcomer is used up once, so persons stay small. While too few have come, more come.
    if (share < additions && made - used > lag) {
      const newcomer = used++
      return body(run, newcomer, newcomer, 2)
    }
    share -= additions
    if (share >= 0 && share < merges && made - used > lag + 1) {
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
