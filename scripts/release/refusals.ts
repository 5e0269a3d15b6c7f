import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { attempt, type Result, run } from './command.ts'

/** What changed for callers of the HTTP API; it has failed where something breaks them without saying so. */
export function apiChanges(root: string): Result {
  return attempt(root, 'node', '--run', 'api:changes')
}

/** Why nothing may be released from this tree now, each with its remedy. */
export function refusals(root: string, api: Result): string[] {
  const reasons: string[] = []
  const { baseBranch } = JSON.parse(readFileSync(join(root, '.changeset/config.json'), 'utf8'))
  const branch = run(root, 'git', 'branch', '--show-current').trim() || 'no branch'
  if (branch !== baseBranch)
    reasons.push(`Releases are made from ${baseBranch}; this is ${branch}. Merge first, then: git switch ${baseBranch}`)
  const changed = run(root, 'git', 'status', '--porcelain').trimEnd()
  if (changed) reasons.push(`The tree has changes that are not committed. Commit them or take them back:\n${changed}`)
  if (!hasChangesets(root))
    reasons.push('There is nothing to release: .changeset holds no changeset. npm run changeset makes one.')
  if (api.hasFailed) reasons.push(`The HTTP API breaks callers without saying so.\n${api.output.trim()}`)
  return reasons
}

export function hasChangesets(root: string): boolean {
  return globSync('*.md', { cwd: join(root, '.changeset'), exclude: ['README.md'] }).length > 0
}
