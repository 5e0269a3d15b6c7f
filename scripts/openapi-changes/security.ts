import { breaking, type Change, compatible, under } from './change.ts'
import type { Document, Operation } from './document.ts'

/** Ways to prove who is calling: each that was enough must stay enough. */
export function* securityChanges(
  before: { document: Document; operation: Operation },
  after: { document: Document; operation: Operation },
): Generator<Change> {
  const [olds, news] = [waysOf(before.document, before.operation), waysOf(after.document, after.operation)]
  for (const [way, name] of olds)
    if (!news.has(way)) yield* under('security', [breaking(`${name} is no longer enough`)])
  for (const [way, name] of news) if (!olds.has(way)) yield* under('security', [compatible(`${name} is enough too`)])
}

/** By all that a way demands, down to the name of the header; with what to call it. */
function waysOf(document: Document, operation: Operation): Map<string, string> {
  const requirements = operation.security ?? document.security ?? []
  return new Map(
    (requirements.length > 0 ? requirements : [{}]).map((requirement) => {
      const names = Object.keys(requirement)
      const demands = names.map((name) => [document.components?.securitySchemes?.[name], requirement[name]])
      return [JSON.stringify(demands), names.join(' with ') || 'a call without credentials']
    }),
  )
}
