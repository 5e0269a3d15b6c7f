import { compareOpenApi } from '../../scripts/openapi-changes/compare.ts'
import type { Document, Operation, Schema } from '../../scripts/openapi-changes/document.ts'

export type Parts = Partial<Omit<Document, 'paths'>> & { schemas?: Record<string, Schema> }

export function documentOf(
  paths: Record<string, Record<string, unknown>>,
  { schemas, ...parts }: Parts = {},
): Document {
  return {
    info: { version: '0.1.0' },
    paths,
    ...parts,
    components: { ...parts.components, ...(schemas && { schemas }) },
  }
}

/** A document with the operation `POST /x`. */
export function operation(post: Operation, parts?: Parts): Document {
  return documentOf({ '/x': { post } }, parts)
}

const json = (schema: Schema) => ({ content: { 'application/json': { schema } } })
export const request = (schema: Schema, parts?: Parts) => operation({ requestBody: json(schema) }, parts)
export const response = (schema: Schema, parts?: Parts) => operation({ responses: { 200: json(schema) } }, parts)

/** One line a change; a breaking one begins with an exclamation mark. */
export function changes(before: Document, after: Document): string[] {
  return compareOpenApi(before, after).map(({ breaking, where, what }) => `${breaking ? '!' : ' '} ${where}: ${what}`)
}
