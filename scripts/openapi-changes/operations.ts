import { breaking, type Change, compatible, under } from './change.ts'
import { requestBodyChanges } from './content.ts'
import { type Document, type Operation, resolve } from './document.ts'
import { compareKeys } from './keys.ts'
import { parameterChanges } from './parameters.ts'
import { responseChanges } from './responses.ts'
import type { Documents } from './schema.ts'
import { securityChanges } from './security.ts'

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']

export function* operationChanges(documents: Documents): Generator<Change> {
  yield* compareKeys<Operation, Change>(operationsOf(documents.before), operationsOf(documents.after), {
    removed: (name) => under(name, [breaking('was removed')]),
    added: (name) => under(name, [compatible('is new')]),
    kept: (name, before, after) => under(name, changesOf(documents, before, after)),
  })
}

function* changesOf(documents: Documents, before: Operation, after: Operation): Generator<Change> {
  if (before.operationId !== after.operationId) {
    const ids = `from ${before.operationId} to ${after.operationId}`
    yield breaking(`its operationId, the name of the function in generated clients, went ${ids}`)
  }
  if (!before.deprecated && after.deprecated) yield compatible('is deprecated now')
  yield* securityChanges(
    { document: documents.before, operation: before },
    { document: documents.after, operation: after },
  )
  yield* parameterChanges(documents, before.parameters ?? [], after.parameters ?? [])
  const [body, newBody] = [before.requestBody, after.requestBody]
  yield* requestBodyChanges(
    documents,
    body && resolve(documents.before, body),
    newBody && resolve(documents.after, newBody),
  )
  yield* responseChanges(documents, before.responses, after.responses)
}

/** By method and path, such as `POST /identify`. */
function operationsOf(document: Document): Record<string, Operation> {
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => method in item).map((method) => {
      const operation = item[method] as Operation
      const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])]
      return [`${method.toUpperCase()} ${path}`, { ...operation, parameters }] as const
    }),
  )
  return Object.fromEntries(operations)
}
