import { createTestDatabase, startLocalServer } from '@identity/testkit'
import openapiTS, { astToString } from 'openapi-typescript'
import { expect, it } from 'vitest'
import { TYPESCRIPT_5 } from './compilers.ts'
import { createProject } from './project.ts'
import { startRegistry } from './registry.ts'

const OK = { exitCode: 0, output: '' }

it("a foreign generator makes a working client of the server's document", async () => {
  await using database = await createTestDatabase()
  await using server = await startLocalServer({ DATABASE_URL: database.url })
  const document = await (await fetch(`${server.url}/openapi.json`)).text()
  await using registry = await startRegistry([])
  await using project = createProject('openapi', registry, { 'api.ts': astToString(await openapiTS(document)) })
  await project.npm('npm install openapi-fetch')
  expect(await project.compile(TYPESCRIPT_5)).toEqual(OK)

  const { output } = await project.nodeReplacing(process.execPath, 'out/consumer.js', [
    'http://localhost:8000',
    server.url,
  ])
  expect(JSON.parse(output)).toEqual({
    found: [1, 1, 1],
    statuses: [
      {
        primaryContactId: 1,
        emails: ['ann+shop@example.com'],
        phoneNumbers: ['+14155550100'],
        secondaryContactIds: [],
      },
      'invalid_request',
    ],
    nobody: 404,
    refused: ['email'],
  })
})
