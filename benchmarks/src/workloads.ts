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
  /** The one person whose many contacts all share a phone number, by any of the e-mails: nothing is written. */
  hot: number
}

const NONE: Shares = { repeats: 0, newcomers: 0, additions: 0, merges: 0, hot: 0 }

export const WORKLOADS = {
  repeats: { ...NONE, repeats: 100 },
  newcomers: { ...NONE, newcomers: 100 },
  mix: { ...NONE, repeats: 70, newcomers: 20, additions: 8, merges: 2 },
  hot: { ...NONE, hot: 100 },
  // Each merge takes two newcomers, so these are as many as there can be for ever.
  merges: { ...NONE, newcomers: 67, merges: 33 },
} satisfies Record<string, Shares>

export type WorkloadName = keyof typeof WORKLOADS

/** How many contacts a run must have added: newcomers and additions add one each, the others none. */
export function expectedContacts(workload: WorkloadName, requestCount: number): number {
  const { newcomers, additions } = WORKLOADS[workload]
  return (requestCount * (newcomers + additions)) / 100
}
