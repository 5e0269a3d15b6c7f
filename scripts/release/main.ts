// `npm run release -- --dry-run` shows what would be published; without it, that is done. See docs/releasing.md.
import { dryRun } from './dry-run.ts'
import { release } from './release.ts'

const args = process.argv.slice(2)
const unknown = args.find((argument) => argument !== '--dry-run')
// `npm run release --dry-run`, without the dashes between, keeps the option for npm; it must not publish.
const isDryRun = args.includes('--dry-run') || process.env.npm_config_dry_run === 'true'

try {
  if (unknown) throw new Error(`release knows the option --dry-run only; found ${unknown}.`)
  process.exitCode = isDryRun ? dryRun(process.cwd()) : release(process.cwd())
} catch (error) {
  console.error(`\n${(error as Error).message}`)
  process.exitCode = 1
}
