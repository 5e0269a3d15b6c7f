import type { Client } from './client.ts'

/*
 * BEGIN and COMMIT as statements like any other, sent in one go with the first and the last of a transaction; the
 * driver's own `begin` spends a round trip on each. All statements are async functions, these too: so they are sent in
 * the order in which they are called.
 */

export async function begin(client: Client): Promise<void> {
  await client`begin`
}

/** @throws Error when the transaction was rolled back instead, as it is when one of its statements has failed. */
export async function commit(client: Client): Promise<void> {
  const { command } = await client`commit`
  if (command !== 'COMMIT') throw new Error(`COMMIT was answered by ${command}`)
}

/**
 * Awaits statements that were sent in one go, in the order in which they were.
 * @throws what the first of them that failed threw: all later ones, COMMIT too, only say that the transaction is over
 */
export async function inOneGo(statements: ReadonlyArray<Promise<unknown> | false>): Promise<void> {
  const outcomes = await Promise.allSettled(statements)
  const failure = outcomes.find((outcome) => outcome.status === 'rejected')
  if (failure) throw failure.reason
}
