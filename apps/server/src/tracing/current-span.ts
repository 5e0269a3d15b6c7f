import { AsyncLocalStorage } from 'node:async_hooks'
import { type Context, ROOT_CONTEXT, type Span, trace } from '@opentelemetry/api'

/** What the code that runs now works for: a request, or a batch. */
export const currentSpan = new AsyncLocalStorage<Span | undefined>()

/** A context whose spans are children of this one. */
export function under(parent: Span): Context {
  return trace.setSpan(ROOT_CONTEXT, parent)
}
