import { availableParallelism } from 'node:os'
import { isPhoneRegion } from '@identity/core'
import { z } from 'zod'
import { defaultLanes, defaultProcesses } from './sizing.ts'

/** A number from a string; what is not one is kept, so that the message can show it. */
function wholeNumber(min: number, max: number, remedy: string) {
  const error = `must be a whole number from ${min} to ${max}. ${remedy}`
  return z.coerce.number({ error }).int(error).min(min, error).max(max, error)
}

/** A setting that is off or on. @param meaning what 1 does */
function flag(meaning: string) {
  return z
    .enum(['0', '1'], { error: `must be 0 or 1. ${meaning}` })
    .default('0')
    .transform((value) => value === '1')
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

const SHARE = 'must be a number from 0 to 1. It is the share of requests that are traced.'

const environment = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: wholeNumber(0, 65_535, 'Set it to a free port; 0 takes any.').default(8000),
  DATABASE_URL: z
    .url({
      protocol: /^postgres(ql)?$/,
      error: 'must look like postgres://user:password@host:5432/database. Leave it out for the embedded PostgreSQL.',
    })
    .optional(),
  DATA_DIR: z.string().default('.data'),
  DEFAULT_REGION: z
    .string()
    .refine(
      isPhoneRegion,
      'must be an ISO 3166 region such as IN, US or GB. Leave it out to keep national numbers as they are.',
    )
    .optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(', ')}.` }).default('info'),
  LOG_REQUESTS: flag('With 1, each request has a line in the log.'),
  METRICS_HOST: z.string().default('127.0.0.1'),
  METRICS_PORT: wholeNumber(1, 65_535, 'Set it to a free port. Left out, /metrics is beside the service.').optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({
      protocol: /^https?$/,
      error:
        'must be where an OpenTelemetry collector listens, such as http://localhost:4318. Leave it out for no traces.',
    })
    .optional(),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number({ error: SHARE }).min(0, SHARE).max(1, SHARE).default(1),
  RATE_LIMIT: wholeNumber(0, 1_000_000_000, 'It counts requests a minute and client; 0 is off.').default(0),
  RATE_LIMIT_PER_KEY: wholeNumber(0, 1_000_000_000, 'It counts requests a minute and API key; 0 is off.').default(0),
  RECEIVE_TIMEOUT_MS: wholeNumber(50, 600_000, 'After it, a request that has not arrived whole is refused.').default(
    10_000,
  ),
  ALLOW_ANONYMOUS: flag('With 1, a service without API keys listens on any HOST, open to all.'),
  ALLOWED_HOSTS: z
    .string()
    .transform((list) => list.split(',').map((name) => name.trim().toLowerCase()))
    .pipe(
      z.array(
        z
          .string()
          .regex(
            /^([a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])$/,
            'must list names such as identity.internal, without scheme and port, separated by commas. Leave it out for those of this machine.',
          ),
      ),
    )
    .optional(),
  TRUST_PROXY: flag('With 1, the client is who X-Forwarded-For names.'),
  CORS_ORIGINS: z
    .string()
    .transform((list) => list.split(',').map((origin) => origin.trim()))
    .pipe(
      z.array(
        z.url({
          protocol: /^https?$/,
          error: 'must list origins such as https://shop.example, separated by commas. Leave it out to allow none.',
        }),
      ),
    )
    .transform((origins) => origins.map((origin) => new URL(origin).origin))
    .optional(),
  SERVER_PROCESSES: wholeNumber(1, 64, 'It counts processes that serve; 1 is without workers.').optional(),
  READ_LANES: wholeNumber(1, 100, 'It counts read batches at once.').optional(),
  WRITE_LANES: wholeNumber(1, 100, 'It counts transactions at once.').optional(),
  BATCH_SIZE: wholeNumber(1, 1_000, 'It counts requests a batch.').default(128),
  QUEUE_SIZE: wholeNumber(1, 1_000_000, 'It counts requests that may wait; more get 503.').optional(),
  REQUEST_TIMEOUT_MS: wholeNumber(100, 600_000, 'After it, a request that waits for the database gets 503.').default(
    5_000,
  ),
  EVENT_RETENTION_DAYS: wholeNumber(
    1,
    36_500,
    'Events that are older are deleted; leave it out to keep all.',
  ).optional(),
  WEBHOOK_ALLOW_PRIVATE: flag('With 1, webhooks may go to private addresses, and over http.'),
  SHUTDOWN_TIMEOUT_MS: wholeNumber(0, 600_000, 'After it, a stopping server leaves requests unanswered.').default(
    10_000,
  ),
})

type Given = z.output<typeof environment>
/** What depends on the machine, and on each other. */
type Sized = 'SERVER_PROCESSES' | 'READ_LANES' | 'WRITE_LANES' | 'QUEUE_SIZE'

export type Config = Omit<Given, Sized> & { [Name in Sized]: number }

const MAY_HOLD_PASSWORD: ReadonlySet<string> = new Set(['DATABASE_URL', 'OTEL_EXPORTER_OTLP_ENDPOINT'])

/** Every variable that is wrong, each with its remedy. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/**
 * The configuration from environment variables; an empty one counts as left out.
 * @param cores what the defaults are sized for
 * @throws ConfigError that lists every problem
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>, cores = availableParallelism()): Config {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''),
  )
  const result = environment.safeParse(given)
  if (result.success) return withDefaults(result.data, cores)
  const lines = result.error.issues.map(({ path, message }) => {
    const name = String(path[0])
    const found = MAY_HOLD_PASSWORD.has(name) ? '' : `; found ${JSON.stringify(given[name])}`
    return `  ${name} ${message.replace(/\.( |$)/, `${found}.$1`)}`
  })
  throw new ConfigError(`The configuration is not valid:\n${lines.join('\n')}`)
}

function withDefaults(given: Given, cores: number): Config {
  const { SERVER_PROCESSES = defaultProcesses(cores) } = given
  const { readLanes, writeLanes, queueSize } = defaultLanes(cores, SERVER_PROCESSES)
  const { READ_LANES = readLanes, WRITE_LANES = writeLanes, QUEUE_SIZE = queueSize } = given
  return { ...given, SERVER_PROCESSES, READ_LANES, WRITE_LANES, QUEUE_SIZE }
}
