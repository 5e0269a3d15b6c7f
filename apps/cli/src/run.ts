import {
  deleteCommand,
  explainCommand,
  historyCommand,
  restoreCommand,
  splitCommand,
  undoCommand,
} from './corrections/commands.ts'
import { eraseCommand } from './corrections/erase-command.ts'
import { eventsCommand } from './events/command.ts'
import { EXIT, type ExitCode } from './exit.ts'
import { exportCommand } from './export/command.ts'
import { explain, UsageError } from './failure.ts'
import { importCommand } from './import/command.ts'
import { interruption } from './interruption.ts'
import { keysCommand } from './keys/command.ts'
import { previewCommand } from './preview/command.ts'
import { repairCommand } from './repair/command.ts'
import { blockCommand } from './rules/block.ts'
import { policyCommand } from './rules/policy.ts'
import { separateCommand } from './rules/separate.ts'
import type { Environment } from './settings.ts'
import { verifyCommand } from './verify/command.ts'
import { webhooksCommand } from './webhooks.ts'
import { workspacesCommand } from './workspaces.ts'

/** One command of the program. */
export interface Command {
  readonly summary: string
  readonly usage: string
  run(args: string[], context: Context): Promise<ExitCode>
}

export interface Context {
  readonly env: Environment
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
}

const COMMANDS: Readonly<Record<string, Command>> = {
  import: importCommand,
  preview: previewCommand,
  export: exportCommand,
  verify: verifyCommand,
  repair: repairCommand,
  explain: explainCommand,
  history: historyCommand,
  events: eventsCommand,
  split: splitCommand,
  undo: undoCommand,
  delete: deleteCommand,
  restore: restoreCommand,
  erase: eraseCommand,
  policy: policyCommand,
  block: blockCommand,
  separate: separateCommand,
  webhooks: webhooksCommand,
  keys: keysCommand,
  workspaces: workspacesCommand,
}
const NAME_WIDTH = Math.max(...Object.keys(COMMANDS).map((name) => name.length))

const USAGE = `Usage: identity COMMAND [options]

${Object.entries(COMMANDS)
  .map(([name, { summary }]) => `  ${name.padEnd(NAME_WIDTH)}   ${summary}`)
  .join('\n')}

identity COMMAND --help says more. The database is DATABASE_URL, or the embedded PostgreSQL of DATA_DIR (.data).`

/** Runs a command line. @returns the exit code */
export async function run([name = '--help', ...args]: string[], env: Environment): Promise<ExitCode> {
  if (name === '--help' || name === '-h' || name === 'help') {
    console.log(USAGE)
    return EXIT.ok
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (!command) {
    console.error(`There is no command ${JSON.stringify(name)}.\n\n${USAGE}`)
    return EXIT.usage
  }
  if (args.includes('--help') || args.includes('-h')) {
    console.log(command.usage)
    return EXIT.ok
  }
  const { signal, ignore } = interruption()
  try {
    return await command.run(args, { env, signal })
  } catch (error) {
    if (signal.aborted) {
      console.error('Interrupted. Start the same command again: that is safe.')
      return EXIT.interrupted
    }
    console.error(error instanceof UsageError ? `${error.message}\n\n${command.usage}` : explain(error))
    return error instanceof UsageError ? EXIT.usage : EXIT.failed
  } finally {
    ignore()
  }
}
