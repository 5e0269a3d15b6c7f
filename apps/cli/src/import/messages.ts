import type { CanonicalRequest } from '@identity/core'
import type { Refusal } from '../orders/read-order.ts'

/*
 * What the worker that reads rows and the main thread tell each other. Chunks go as columns, which cost the main thread
 * less to receive than thousands of objects.
 */

export interface ChunkMessage {
  readonly type: 'chunk'
  readonly emails: ReadonlyArray<string | null>
  readonly phoneNumbers: ReadonlyArray<string | null>
  /** Milliseconds since 1970; NaN where the order has no time. */
  readonly timesMs: Float64Array
  readonly refused: readonly Refusal[]
  /** Bytes of the file that have been read so far, as they are on disk. */
  readonly bytesRead: number
}

export type WorkerMessage =
  | ChunkMessage
  | { readonly type: 'end' }
  /** The message is for the user. */
  | { readonly type: 'failed'; readonly message: string }

/** The main thread lets the worker send one chunk more. */
export const MORE = 'more'

export function requestsOf({ emails, phoneNumbers, timesMs }: ChunkMessage): CanonicalRequest[] {
  return emails.map((email, n) => {
    const ms = timesMs[n]!
    return { email, phoneNumber: phoneNumbers[n]!, createdAt: Number.isNaN(ms) ? undefined : new Date(ms) }
  })
}
