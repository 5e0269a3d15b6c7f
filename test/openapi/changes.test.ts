import { describe, expect, it } from 'vitest'
import type { Schema } from '../../scripts/openapi-changes/document.ts'
import { changes, documentOf, operation, request, response } from './examples.ts'

describe('operations', () => {
  it('one that is gone, one that is new', () => {
    const before = documentOf({ '/a': { get: {}, post: {} } })
    const after = documentOf({ '/a': { get: {} }, '/b': { put: {} } })
    expect(changes(before, after)).toEqual(['! POST /a: was removed', '  PUT /b: is new'])
  })

  it('another operationId', () => {
    expect(changes(operation({ operationId: 'a' }), operation({ operationId: 'b' }))).toEqual([
      '! POST /x: its operationId, the name of the function in generated clients, went from a to b',
    ])
  })

  it('deprecation', () => {
    expect(changes(operation({}), operation({ deprecated: true }))).toEqual(['  POST /x: is deprecated now'])
  })

  it('another server', () => {
    const before = documentOf({}, { servers: [{ url: '/' }] })
    expect(changes(before, documentOf({}, { servers: [{ url: '/v1' }] }))).toEqual([
      '! servers: / was removed',
      '  servers: /v1 is new',
    ])
  })

  it('other words only', () => {
    const described = (description: string) =>
      response({ type: 'string', description, title: description, examples: [description] })
    expect(changes(described('before'), described('after'))).toEqual([])
  })
})

describe('security', () => {
  const withScheme = (name: string) => ({
    components: { securitySchemes: { key: { type: 'apiKey', in: 'header', name } } },
    security: [{ key: [] }],
  })

  it('credentials that are asked for', () => {
    expect(changes(operation({}), operation({}, withScheme('X-Api-Key')))).toEqual([
      '! POST /x › security: a call without credentials is no longer enough',
      '  POST /x › security: key is enough too',
    ])
  })

  it('credentials in another header', () => {
    expect(changes(operation({}, withScheme('X-Api-Key')), operation({}, withScheme('X-Key')))).toEqual([
      '! POST /x › security: key is no longer enough',
      '  POST /x › security: key is enough too',
    ])
  })

  it('credentials that one operation can do without', () => {
    expect(
      changes(operation({}, withScheme('K')), operation({ security: [{ key: [] }, {}] }, withScheme('K'))),
    ).toEqual(['  POST /x › security: a call without credentials is enough too'])
  })
})

describe('parameters', () => {
  const query = (name: string, required: boolean, schema: Schema = { type: 'string' }) =>
    operation({ parameters: [{ name, in: 'query', required, schema }] })

  it('new ones', () => {
    expect(changes(operation({}), query('q', true))).toEqual(['! POST /x › query parameter q: is new, and required'])
    expect(changes(operation({}), query('q', false))).toEqual(['  POST /x › query parameter q: is new'])
  })

  it('one that is gone', () => {
    expect(changes(query('q', false), operation({}))).toEqual(['! POST /x › query parameter q: is ignored now'])
  })

  it('required or not', () => {
    expect(changes(query('q', false), query('q', true))).toEqual(['! POST /x › query parameter q: is required now'])
    expect(changes(query('q', true), query('q', false))).toEqual(['  POST /x › query parameter q: may be left out now'])
  })

  it('schemas count as those of requests', () => {
    expect(changes(query('q', true), query('q', true, { type: 'string', maxLength: 5 }))).toEqual([
      '! POST /x › query parameter q: maxLength is 5; it was none',
    ])
  })

  it('those of the path item count', () => {
    const parameters = [{ name: 'id', in: 'path', required: true }]
    expect(changes(documentOf({ '/x': { post: {} } }), documentOf({ '/x': { parameters, post: {} } }))).toEqual([
      '! POST /x › path parameter id: is new, and required',
    ])
  })
})

describe('bodies', () => {
  const text = { content: { 'text/plain': {} } }

  it('a body that comes, goes, or must be there', () => {
    const [none, optional] = [operation({}), operation({ requestBody: text })]
    const required = operation({ requestBody: { ...text, required: true } })
    expect(changes(none, required)).toEqual(['! POST /x › request: a body is required now'])
    expect(changes(none, optional)).toEqual(['  POST /x › request: may have a body now'])
    expect(changes(optional, none)).toEqual(['! POST /x › request: the body is ignored now'])
    expect(changes(optional, required)).toEqual(['! POST /x › request: is required now'])
    expect(changes(required, optional)).toEqual(['  POST /x › request: may be left out now'])
  })

  it('other media types', () => {
    expect(changes(operation({ requestBody: text }), request({}))).toEqual([
      '! POST /x › request: is no longer taken as text/plain',
      '  POST /x › request: is taken as application/json too',
    ])
    expect(changes(operation({ responses: { 200: text } }), response({}))).toEqual([
      '! POST /x › response 200: no longer comes as text/plain',
      '  POST /x › response 200: comes as application/json too',
    ])
  })

  it('other statuses', () => {
    const statuses = (...list: number[]) => operation({ responses: Object.fromEntries(list.map((each) => [each, {}])) })
    expect(changes(statuses(200, 404), statuses(202, 409, 503))).toEqual([
      '! POST /x › response 200: is never given now',
      '! POST /x › response 404: is never given now',
      '! POST /x › response 202: is new',
      '  POST /x › response 409: is new',
      '  POST /x › response 503: is new',
    ])
  })

  it('other headers', () => {
    const header = (name: string, required: boolean, schema: Schema = { type: 'string' }) =>
      operation({ responses: { 200: { headers: { [name]: { required, schema } } } } })
    expect(changes(header('A', true), header('B', true))).toEqual([
      '! POST /x › response 200 › header A: was removed',
      '  POST /x › response 200 › header B: is new',
    ])
    expect(changes(header('A', true), header('A', false))).toEqual([
      '! POST /x › response 200 › header A: may be missing now',
    ])
    expect(changes(header('A', false), header('A', true, { type: 'integer' }))).toEqual([
      '  POST /x › response 200 › header A: is always there now',
      '  POST /x › response 200 › header A: is only an integer, no longer a string',
      '! POST /x › response 200 › header A: may be an integer too',
    ])
  })
})
