import { parseArgs } from 'node:util'

export const USAGE = `Usage: npm run soak -- [options]
  --minutes 1    how long; a fraction will do
  --url URL      a server to call; repeat it for each. Without any, two servers and a PostgreSQL are started
  --at-once 16   histories at once
  --seed N       begins with the histories of an earlier run`

export interface Options {
  readonly minutes: number
  readonly urls: readonly string[]
  readonly atOnce: number
  readonly seed: number
}

/** The options are wrong; the message says how. */
export class UsageError extends Error {}

/**
 * The options of a command line; null where it asks for help.
 * @throws UsageError
 */
export function readOptions(args: string[]): Options | null {
  const values = parse(args)
  if (values.help) return null
  return {
    minutes: positiveNumber('minutes', values.minutes),
    urls: values.url.map(withoutSlash),
    atOnce: Math.ceil(positiveNumber('at-once', values['at-once'])),
    seed: values.seed === undefined ? Date.now() % 2 ** 31 : positiveNumber('seed', values.seed),
  }
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        minutes: { type: 'string', default: '1' },
        url: { type: 'string', multiple: true, default: [] },
        'at-once': { type: 'string', default: '16' },
        seed: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

function positiveNumber(name: string, text: string): number {
  const number = Number(text)
  if (Number.isFinite(number) && number > 0) return number
  throw new UsageError(`--${name} must be a positive number; found ${JSON.stringify(text)}.`)
}

function withoutSlash(url: string): string {
  if (!URL.canParse(url))
    throw new UsageError(`--url must look like http://localhost:8000; found ${JSON.stringify(url)}.`)
  return url.replace(/\/$/, '')
}
