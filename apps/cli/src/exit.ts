/** What the command tells the shell. */
export const EXIT = { ok: 0, failed: 1, usage: 2, someRefused: 3, faultsFound: 4, interrupted: 130 } as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]
