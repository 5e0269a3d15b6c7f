import type { Command } from '../run.ts'
import { readOptions } from './options.ts'
import { verifyAll } from './verify-all.ts'

const USAGE = `Usage: identity verify [options]
  --workspace NAME      one workspace; by default all of them
  --json                the result as JSON

Proves the invariants on a live database: read only, from one snapshot, in bounded memory. Shows contacts by id alone.
Exit code: 0 all hold, 4 faults were found, 1 failed, 2 wrong usage, 130 interrupted.`

/** `identity verify` */
export const verifyCommand: Command = {
  summary: 'proves that the data keep the rules',
  usage: USAGE,
  run: (args, context) => verifyAll(readOptions(args), context),
}
