import { readFileSync } from 'node:fs'
import { ConfigError, readConfig } from '@identity/server'
import { describe, expect, it } from 'vitest'

describe('the configuration', () => {
  it('has a default for everything', () => {
    expect(readConfig({})).toMatchObject({
      HOST: '127.0.0.1',
      PORT: 8000,
      DATA_DIR: '.data',
      LOG_LEVEL: 'info',
      RATE_LIMIT: 0,
    })
  })

  it.each([
    { cores: 2, SERVER_PROCESSES: 1, READ_LANES: 2, WRITE_LANES: 2, QUEUE_SIZE: 10_000 },
    { cores: 8, SERVER_PROCESSES: 4, READ_LANES: 2, WRITE_LANES: 2, QUEUE_SIZE: 2_500 },
    { cores: 64, SERVER_PROCESSES: 8, READ_LANES: 4, WRITE_LANES: 4, QUEUE_SIZE: 1_250 },
  ])('is sized for $cores cores', ({ cores, ...expected }) => {
    expect(readConfig({}, cores)).toMatchObject(expected)
  })

  it('sizes what is left out by the number of processes that is given', () => {
    expect(readConfig({ SERVER_PROCESSES: '1', READ_LANES: '7' }, 8)).toMatchObject({
      SERVER_PROCESSES: 1,
      READ_LANES: 7,
      WRITE_LANES: 4,
      QUEUE_SIZE: 10_000,
    })
  })

  it('takes an empty variable as one left out', () => {
    expect(readConfig({ PORT: '', DATABASE_URL: ' ' })).toMatchObject({ PORT: 8000 })
  })

  it('lists every problem at once, each with the value found and a remedy', () => {
    const message = messageOf({
      PORT: '80a',
      DEFAULT_REGION: 'Narnia',
      LOG_LEVEL: 'loud',
      RATE_LIMIT: '-1',
      BATCH_SIZE: '0',
    })
    expect(
      message
        .split('\n')
        .slice(1)
        .map((line) => line.trim()),
    ).toEqual([
      'PORT must be a whole number from 0 to 65535; found "80a". Set it to a free port; 0 takes any.',
      'DEFAULT_REGION must be an ISO 3166 region such as IN, US or GB; found "Narnia". Leave it out to keep national numbers as they are.',
      'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent; found "loud".',
      expect.stringContaining('RATE_LIMIT'),
      expect.stringContaining('BATCH_SIZE'),
    ])
  })

  it('never shows an address that may hold a password', () => {
    expect(messageOf({ OTEL_EXPORTER_OTLP_ENDPOINT: 'grpc://me:hunter2@collector' })).not.toContain('hunter2')
    const message = messageOf({ DATABASE_URL: 'mysql://root:hunter2@db/identity' })
    expect(message).toContain('DATABASE_URL')
    expect(message).not.toContain('hunter2')
  })
})

it('the settings in docs/operations.md are those that the server has', () => {
  const document = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8')
  const named = [...document.split('## Health')[0]!.matchAll(/`([A-Z][A-Z_]+)`/g)].map((match) => match[1]!)
  const withoutDefault = [
    'DATABASE_URL',
    'DEFAULT_REGION',
    'CORS_ORIGINS',
    'ALLOWED_HOSTS',
    'EVENT_RETENTION_DAYS',
    'METRICS_PORT',
    'OTEL_EXPORTER_OTLP_ENDPOINT',
  ]
  expect(new Set(named)).toEqual(new Set([...Object.keys(readConfig({})), ...withoutDefault]))
})

function messageOf(env: Record<string, string>): string {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.message
  }
  throw new Error('expected a ConfigError')
}
