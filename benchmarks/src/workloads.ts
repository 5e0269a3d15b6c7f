/** What the requests of a run ask for, in percent; together 100. */
export interface Shares {
  /** A known customer again, nothing new: nothing is written. */
  repeats: number
  /** Somebody whom nobody has heard of. */
  newcomers: number
  /** Somebody who came lately, with another phone number. */
  additions: number
  /** An e-mail of one who came lately with the phone number of another: the two become one. */
  merges: number
}

export interface Workload {
  name: string
  shares: Shares
}

export const WORKLOADS: readonly Workload[] = [
  { name: 'repeats', shares: { repeats: 100, newcomers: 0, additions: 0, merges: 0 } },
  { name: 'newcomers', shares: { repeats: 0, newcomers: 100, additions: 0, merges: 0 } },
  { name: 'mix', shares: { repeats: 70, newcomers: 20, additions: 8, merges: 2 } },
]

/** How many contacts a run must have added: newcomers and additions add one each, repeats and merges none. */
export function expectedContacts({ shares }: Workload, requestCount: number): number {
  return (requestCount * (shares.newcomers + shares.additions)) / 100
}
