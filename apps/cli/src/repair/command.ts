import { readArguments } from '../arguments.ts'
import type { Command } from '../run.ts'
import { readSeconds } from '../settings.ts'
import { repairAll } from './repair-all.ts'

const USAGE = `Usage: identity repair [options]
  --workspace NAME      one workspace; by default all of them
  --dry-run             says what is to be repaired, and writes nothing
  --patience SECONDS    how long a database that is away is waited for (60)
  --json                the result as JSON

Rebuilds what can be derived from the contacts, in small transactions while the service runs, and verifies then.
Stopped in any way, the same command goes on; run twice, it changes nothing.
Exit code: 0 all holds, 4 there are faults that it cannot repair, or would, 1 failed, 2 wrong usage, 130 interrupted.`

/** `identity repair` */
export const repairCommand: Command = {
  summary: 'rebuilds what can be derived',
  usage: USAGE,
  run: (args, context) => repairAll(readOptions(args), context),
}

function readOptions(args: string[]) {
  const options = {
    workspace: { type: 'string' },
    json: { type: 'boolean' },
    'dry-run': { type: 'boolean' },
    patience: { type: 'string', default: '60' },
  } as const
  const { values } = readArguments(args, options, { allowPositionals: false })
  return {
    workspace: values.workspace,
    isJson: values.json ?? false,
    isDryRun: values['dry-run'] ?? false,
    patienceMs: readSeconds(values.patience) * 1000,
  }
}
