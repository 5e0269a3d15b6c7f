import type { FieldProblem, Origin } from '@identity/core'
import type { z } from 'zod'
import type { CallRecord, IdentityOperations } from '../types.ts'
import type { DocumentedFailure, FailureText } from './failures.ts'

/** What an operation reads of a request. Fastify's requests are such, and any other host can make one. */
export interface RestRequest extends CallRecord {
  /** The parsed JSON. */
  readonly body: unknown
  /** The values of the path's parameters, by name. */
  readonly params: unknown
  /** Path and query as they came. */
  readonly url: string
  /** Who sent it. */
  readonly origin: Origin | undefined
}

/** One plain HTTP operation: what it does and how it is documented, whatever hosts it. */
export interface RestOperation {
  readonly operationId: string
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** As OpenAPI writes it, such as `/persons/{contactId}`. */
  readonly path: string
  /** The longest body it reads. Without it, it takes none. */
  readonly bodyLimitBytes?: number
  /** @throws IdentityError */
  run(service: IdentityOperations, request: RestRequest): Promise<object>
  readonly docs: OperationDocs
}

export interface OperationDocs {
  readonly summary: string
  readonly description: string
  readonly parameters?: readonly ParameterDocs[]
  readonly body?: z.ZodType
  readonly response: { readonly description: string; readonly schema: z.ZodType }
  readonly examples: readonly OperationExample[]
  /** What it may fail with beside `invalid_request`. */
  readonly failures: readonly DocumentedFailure[]
  /** What is said of those that mean something else here than elsewhere. */
  readonly failureTexts?: Partial<Record<DocumentedFailure, FailureText>>
  /** What `invalid_request` is told of here, for example; left out where nothing is sent that could be wrong. */
  readonly invalid?: FieldProblem
}

export interface ParameterDocs {
  readonly name: string
  readonly in: 'path' | 'query'
  readonly description: string
  readonly schema: z.ZodType
  readonly example: string | number
}

/** One exchange; the tests run each against a real server. */
export interface OperationExample {
  readonly name: string
  readonly summary: string
  /** Path and query as they are sent. */
  readonly url: string
  readonly body?: unknown
  readonly response: unknown
}
