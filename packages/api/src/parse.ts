import { invalidRequest } from '@identity/core'
import type { z } from 'zod'
import { problemsOf } from './contract.ts'

/**
 * The input as the schema wants it.
 * @throws IdentityError `invalid_request` with every field that is wrong
 */
export function parse<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input)
  if (!result.success) throw invalidRequest(problemsOf(result.error))
  return result.data
}
