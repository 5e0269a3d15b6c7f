import { describe, expect, it } from 'vitest'
import type { Schema } from '../../scripts/openapi-changes/document.ts'
import { changes, type Parts, request, response } from './examples.ts'

/** The same change of a schema, where callers write it and where they read it. */
function schemaChanges(before: Schema, after: Schema, parts?: Parts) {
  const strip = (lines: string[]) => lines.map((line) => line.replace(/POST \/x › (request|response 200)( › )?/, ''))
  return {
    request: strip(changes(request(before, parts), request(after, parts))),
    response: strip(changes(response(before, parts), response(after, parts))),
  }
}

const object = (properties: Record<string, Schema>, ...required: string[]): Schema => ({
  type: 'object',
  properties,
  required,
})

describe('properties', () => {
  const name: Schema = { type: 'string' }

  it('one that is gone breaks both sides', () => {
    expect(schemaChanges(object({ name }), object({}))).toEqual({
      request: ['! name: is ignored now'],
      response: ['! name: was removed'],
    })
  })

  it('a new one breaks callers only if they must send it', () => {
    expect(schemaChanges(object({}), object({ name }))).toEqual({
      request: ['  name: is new'],
      response: ['  name: is new'],
    })
    expect(schemaChanges(object({}), object({ name }, 'name'))).toEqual({
      request: ['! name: is new, and required'],
      response: ['  name: is new, and required'],
    })
  })

  it('required breaks callers, optional breaks readers', () => {
    expect(schemaChanges(object({ name }), object({ name }, 'name'))).toEqual({
      request: ['! name: is required now'],
      response: ['  name: is always there now'],
    })
    expect(schemaChanges(object({ name }, 'name'), object({ name }))).toEqual({
      request: ['  name: may be left out now'],
      response: ['! name: may be missing now'],
    })
  })

  it('others than those named', () => {
    const strict = { ...object({ name }), additionalProperties: false }
    expect(schemaChanges(object({ name }), strict).request).toEqual(['! *: no other property may be there now'])
    expect(schemaChanges(strict, object({ name })).response).toEqual(['  *: other properties may be there now'])
    const numbers = { type: 'object', additionalProperties: { type: 'integer' } }
    const wider = { type: 'object', additionalProperties: { type: 'number' } }
    expect(schemaChanges(numbers, wider)).toEqual({
      request: ['  *: takes a number too'],
      response: ['! *: may be a number too'],
    })
  })

  it('far inside, each is named by its way', () => {
    const list = (items: Schema) => object({ contact: object({ emails: { type: 'array', items } }) })
    expect(schemaChanges(list({ type: 'string' }), list({ type: ['string', 'null'] })).response).toEqual([
      '! contact.emails[]: may be null too',
    ])
  })
})

describe('types', () => {
  it.each<[string, Schema, Schema, narrower: string, wider: string]>([
    ['null in a list', { type: ['string', 'null'] }, { type: 'string' }, 'only a string, no longer null', 'null too'],
    [
      'null in a union',
      { anyOf: [{ type: 'string' }, { type: 'null' }] },
      { type: 'string' },
      'only a string, no longer null',
      'null too',
    ],
    ['constants', { enum: ['a', 'b'] }, { enum: ['a'] }, 'only "a", no longer "b"', '"b" too'],
    ['whole numbers', { type: 'number' }, { type: 'integer' }, 'only an integer, no longer a number', 'a number too'],
    [
      'constants of a type',
      { type: 'string' },
      { enum: ['a', 'b'] },
      'only "a" or "b", no longer a string',
      'a string too',
    ],
    ['any value', {}, { type: 'string' }, 'only a string, no longer any value', 'any value too'],
  ])('%s', (_, wide, narrow, narrower, wider) => {
    expect(schemaChanges(wide, narrow)).toEqual({
      request: [`! : takes ${narrower}`],
      response: [`  : is ${narrower}`],
    })
    expect(schemaChanges(narrow, wide)).toEqual({ request: [`  : takes ${wider}`], response: [`! : may be ${wider}`] })
  })

  it('the same said in another way', () => {
    expect(
      schemaChanges({ type: ['string', 'null'] }, { anyOf: [{ type: 'null' }, { type: 'string' }] }).request,
    ).toEqual([])
    expect(schemaChanges({ enum: ['a', 'b'] }, { oneOf: [{ const: 'b' }, { const: 'a' }] }).response).toEqual([])
  })

  it('objects of a union are told apart by their constants', () => {
    const ok = object({ status: { const: 'ok' }, id: { type: 'integer' } }, 'status')
    const error = object({ status: { const: 'error' } }, 'status')
    const renamed = object({ status: { const: 'ok' }, contactId: { type: 'integer' } }, 'status')
    expect(schemaChanges({ anyOf: [ok, error] }, { anyOf: [error, renamed] }).response).toEqual([
      '! id: was removed',
      '  contactId: is new',
    ])
    expect(schemaChanges({ anyOf: [ok] }, { anyOf: [ok, error] }).response).toEqual([
      '! : may be an object with status "error" too',
    ])
  })

  it('objects that nothing tells apart are taken in their order', () => {
    const [a, b] = [object({ a: { type: 'string' } }), object({ b: { type: 'string' } })]
    expect(schemaChanges({ anyOf: [a, b] }, { anyOf: [a, object({})] }).request).toEqual(['! b: is ignored now'])
  })
})

describe('limits', () => {
  it.each<[keyword: string, type: string, strict: unknown, loose: unknown]>([
    ['minimum', 'number', 5, 1],
    ['exclusiveMinimum', 'number', 5, 1],
    ['maximum', 'number', 5, 9],
    ['exclusiveMaximum', 'number', 5, 9],
    ['multipleOf', 'number', 5, undefined],
    ['minLength', 'string', 5, 1],
    ['maxLength', 'string', 5, undefined],
    ['pattern', 'string', '^a', undefined],
    ['format', 'string', 'email', undefined],
    ['minItems', 'array', 1, undefined],
    ['maxItems', 'array', 10, 1_000],
    ['uniqueItems', 'array', true, undefined],
  ])('%s', (keyword, type, strict, loose) => {
    const of = (limit: unknown): Schema => (limit === undefined ? { type } : { type, [keyword]: limit })
    const stricter = `: ${keyword} is ${strict}; it was ${loose ?? 'none'}`
    const looser = `: ${keyword} is ${loose ?? 'none'}; it was ${strict}`
    expect(schemaChanges(of(loose), of(strict))).toEqual({ request: [`! ${stricter}`], response: [`  ${stricter}`] })
    expect(schemaChanges(of(strict), of(loose))).toEqual({ request: [`  ${looser}`], response: [`! ${looser}`] })
  })

  it('another pattern breaks both sides, as nobody can tell', () => {
    expect(schemaChanges({ type: 'string', pattern: 'a' }, { type: 'string', pattern: 'b' })).toEqual({
      request: ['! : pattern is b; it was a'],
      response: ['! : pattern is b; it was a'],
    })
  })

  it('for whole numbers, more than 0 is at least 1', () => {
    expect(schemaChanges({ type: 'integer', exclusiveMinimum: 0 }, { type: 'integer', minimum: 1 }).request).toEqual([])
    expect(schemaChanges({ type: 'integer', exclusiveMaximum: 10 }, { type: 'integer', maximum: 9 }).request).toEqual(
      [],
    )
  })
})

describe('references', () => {
  const schemas = {
    Name: { type: 'string' },
    Tree: object({ children: { type: 'array', items: { $ref: '#/components/schemas/Tree' } } }),
  }

  it('a schema is the same by reference and in place', () => {
    expect(schemaChanges({ $ref: '#/components/schemas/Name' }, { type: 'string' }, { schemas }).request).toEqual([])
  })

  it('each document has its own', () => {
    const reference = { $ref: '#/components/schemas/Name' }
    const after = { schemas: { Name: { type: 'integer' } } }
    expect(changes(request(reference, { schemas }), request(reference, after))).toEqual([
      '! POST /x › request: takes only an integer, no longer a string',
      '  POST /x › request: takes an integer too',
    ])
  })

  it('a schema may hold itself', () => {
    expect(
      schemaChanges({ $ref: '#/components/schemas/Tree' }, { $ref: '#/components/schemas/Tree' }, { schemas }).request,
    ).toEqual([])
  })

  it('one that leads nowhere is named', () => {
    expect(() => schemaChanges({ $ref: '#/components/schemas/Name' }, {})).toThrow('has no #/components/schemas/Name')
  })
})

it('a keyword that the comparison does not know stops it', () => {
  expect(() => schemaChanges({}, { allOf: [{ type: 'string' }] })).toThrow('does not know the keyword allOf')
})
