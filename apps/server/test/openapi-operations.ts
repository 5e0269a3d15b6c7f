/** What a test needs of an OpenAPI document, with nothing of the service's own types. */
export interface Document {
  paths: Record<string, Record<string, OperationObject>>
  components: object
}

interface OperationObject {
  operationId: string
  parameters?: Array<{ name: string; in: string; example: unknown }>
  requestBody?: { content: Record<string, MediaType> }
  responses: Record<string, { content: Record<string, MediaType>; headers?: object }>
}

interface MediaType {
  schema: object
  example?: { code: string; title: string; status: number }
  examples?: Record<string, { value: unknown }>
}

export interface Operation {
  operationId: string
  method: string
  path: string
  bodySchema?: object
  examples: Example[]
  /** The first of them. */
  example: Example
  responses: Record<string, Answer>
}

interface Example {
  name: string
  path: string
  body?: unknown
  response: unknown
}

interface Answer {
  mediaType: string
  schema: object
  example: { code: string; title: string; status: number }
  headers: string[]
}

export async function readDocument(url: string): Promise<Document> {
  return (await fetch(`${url}/openapi.json`)).json() as Promise<Document>
}

export function operationsOf(document: Document): Operation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, object]) => {
      const body = object.requestBody?.content['application/json']
      const answered = object.responses['200']!.content['application/json']!.examples!
      const examples = Object.entries(answered).map(([name, { value }]) => ({
        name,
        path: pathOf(path, object, name),
        ...(body && { body: body.examples![name]!.value }),
        response: value,
      }))
      return {
        operationId: object.operationId,
        method: method.toUpperCase(),
        path,
        ...(body && { bodySchema: body.schema }),
        examples,
        example: examples[0]!,
        responses: Object.fromEntries(
          Object.entries(object.responses).map(([status, { content, headers = {} }]) => {
            const [mediaType, { schema, example }] = Object.entries(content)[0]!
            return [status, { mediaType, schema, example: example!, headers: Object.keys(headers) }]
          }),
        ),
      }
    }),
  )
}

/** The path with its parameters' examples; a query has the one that the example is named after. */
function pathOf(path: string, { parameters = [] }: OperationObject, exampleName: string): string {
  const query = parameters.filter(({ name, in: place }) => place === 'query' && name === exampleName)
  const filled = parameters.reduce((text, { name, example }) => text.replace(`{${name}}`, String(example)), path)
  return filled + query.map(({ name, example }) => `?${name}=${encodeURIComponent(String(example))}`).join('')
}
