import { openApiDocument } from '@identity/api'
import { createTestDatabase, startLocalServer } from '@identity/testkit'
import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, it } from 'vitest'
import { VERSION } from '../src/version.ts'

it('the document is valid OpenAPI 3.1, and the server gives it out', async () => {
  await using database = await createTestDatabase()
  await using server = await startLocalServer({ DATABASE_URL: database.url })
  const response = await fetch(`${server.url}/openapi.json`)
  expect(response.headers.get('content-type')).toContain('application/json')
  const document = (await response.json()) as Record<string, unknown>
  const validator = new Validator()
  expect(await validator.validate(structuredClone(document))).toEqual({ valid: true })
  expect(validator.version).toBe('3.1')
  expect(document).toEqual(JSON.parse(JSON.stringify(openApiDocument(VERSION))))
})

it('a document that is none is found out', async () => {
  const { paths: _, ...incomplete } = openApiDocument(VERSION)
  const broken = { ...incomplete, info: {} }
  expect(await new Validator().validate(broken)).toMatchObject({ valid: false })
})

it('every reference in the document leads somewhere', () => {
  const document = openApiDocument(VERSION)
  const references = JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)
  const names = new Set([...references].map((match) => match[1]!))
  expect([...names].toSorted()).toEqual(Object.keys(document.components.schemas).toSorted())
})
