import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { attempt, run } from './command.ts'

/** Why nothing may be released from this tree now, each with its remedy. */
export function refusals(root: string): string[] {
  const reasons: string[] = []
  const { baseBranch } = JSON.parse(readFileSync(join(root, '.changeset/config.json'), 'utf8'))
  const branch = run(root, 'git', 'branch', '--show-current').trim() || 'no branch'
  if (branch !== baseBranch)
    reasons.push(`Releases are made from ${baseBranch}; this is ${branch}. Merge first, then: git switch ${baseBranch}`)
  const changed = run(root, 'git', 'status', '--porcelain').trimEnd()
  if (changed) reasons.push(`The tree has changes that are not committed. Commit them or take them back:\n${changed}`)
  if (!hasChangesets(root))
    reasons.push('There is nothing to release: .changeset holds no changeset. npm run changeset makes one.')
  const api = attempt(root, 'node', '--run', 'api:changes')
  if (api.hasFailed) reasons.push(`The HTTP API breaks callers without saying so.\n${api.output.trim()}`)
  return reasons
}

export function hasChangesets(root: string): boolean {
  return globSync('*.md', { cwd: join(root, '.changeset'), exclude: ['README.md'] }).length > 0
}
