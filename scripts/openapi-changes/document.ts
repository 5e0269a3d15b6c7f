/** The part of OpenAPI 3.1 that the service's document uses. */
export interface Document {
  readonly info: { readonly version: string }
  readonly servers?: readonly { readonly url: string }[]
  readonly security?: readonly SecurityRequirement[]
  readonly paths: Readonly<Record<string, PathItem>>
  readonly components?: {
    readonly schemas?: Readonly<Record<string, Schema>>
    readonly securitySchemes?: Readonly<Record<string, unknown>>
  }
}

export interface PathItem {
  readonly parameters?: readonly Parameter[]
  readonly [method: string]: unknown
}

export interface Operation {
  readonly operationId?: string
  readonly deprecated?: boolean
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: Body & { readonly required?: boolean }
  readonly responses?: Readonly<Record<string, Response>>
  readonly security?: readonly SecurityRequirement[]
}

export interface Parameter {
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly schema?: Schema
}

export interface Body {
  readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>
}

export interface Response extends Body {
  readonly headers?: Readonly<Record<string, Omit<Parameter, 'name' | 'in'>>>
}

export type SecurityRequirement = Readonly<Record<string, readonly string[]>>

export interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Schema
  readonly items?: Schema
  readonly [keyword: string]: unknown
}

/** What a reference such as `#/components/schemas/Person` leads to; anything else is itself. */
export function resolve<T extends object>(document: Document, value: T): T {
  if (!('$ref' in value) || typeof value.$ref !== 'string') return value
  const { $ref, ...siblings } = value
  const keys = $ref.slice('#/'.length).split('/')
  const target = keys.reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], document)
  if (target === undefined) throw new Error(`The OpenAPI document has no ${$ref}, which it refers to.`)
  return { ...resolve(document, target as T), ...siblings } as T
}
