import type { Family } from '../metrics/family.ts'
import type { Count } from '../request-counts.ts'

/** What of an error a message between processes can carry. */
export interface Failure {
  readonly message: string
  readonly code: string | undefined
  readonly stack: string | undefined
}

/** What a worker says to the primary. */
export type FromWorker =
  | { readonly type: 'ready'; readonly url: string }
  | { readonly type: 'failed'; readonly failure: Failure }
  /** Count a request of each; answered by `counted`, in the order of asking. */
  | { readonly type: 'count'; readonly keys: readonly string[] }
  /** Its answer to `measure`. */
  | { readonly type: 'measured'; readonly families: readonly Family[] }
  /** It asks for the metrics of all processes; answered by `collected`. */
  | { readonly type: 'collect' }

/** What the primary says to a worker. */
export type ToWorker =
  | { readonly type: 'stop' }
  | { readonly type: 'counted'; readonly counts: readonly Count[] }
  /** It asks for the worker's metrics. */
  | { readonly type: 'measure' }
  | { readonly type: 'collected'; readonly families: readonly Family[] }

/** Resolves when it is sent, or cannot be as the primary is gone: this process then ends by itself. */
export function tellPrimary(message: FromWorker): Promise<void> {
  return new Promise((resolve) => process.send!(message, undefined, undefined, () => resolve()))
}
