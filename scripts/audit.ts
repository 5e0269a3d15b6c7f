// Asks the registry for known holes in what production runs on. Ends with 1 on one that is high or critical, and where
// the registry did not answer; where it has no such service, it says so, loudly, and ends with 0.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const { packageManager } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const ARGS = ['-y', packageManager, 'audit', '--prod', '--audit-level', 'high']

const { status, stderr } = spawnSync('npx', ARGS, { stdio: ['ignore', 'inherit', 'pipe'], encoding: 'utf8' })
// pnpm breaks its lines, and draws a bar before each.
const words = stderr.replaceAll(/[\s│]+/g, ' ')
if (status !== 0 && /ERR_PNPM_AUDIT_ENDPOINT_NOT_EXISTS|responded with 40[45]\b/.test(words)) {
  console.error(
    [
      '='.repeat(78),
      'AUDIT NOT AVAILABLE: this registry has no audit service (it answers 404 or 405),',
      'so nothing was checked. Run `npm run audit` where the registry has one.',
      '='.repeat(78),
    ].join('\n'),
  )
} else {
  process.stderr.write(stderr)
  process.exitCode = status ?? 1
}
