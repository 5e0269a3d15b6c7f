import { run } from './command.ts'
import { copyTree } from './copy.ts'
import { type Packed, pack, packProblems } from './pack.ts'
import { buildPackages, readPackages } from './packages.ts'
import { apiChanges, hasChangesets, refusals } from './refusals.ts'
import { reportPackage } from './report.ts'

/** Shows what a release would publish, from a copy: the tree stays as it is. Ends with 1 if its content is at fault. */
export function dryRun(root: string): 0 | 1 {
  const api = apiChanges(root)
  const reasons = refusals(root, api)
  const problems = hasChangesets(root) ? showRelease(root) : []
  if (!api.hasFailed) console.log(`\n${api.output.trim()}`)
  const obstacles = [...reasons, ...problems]
  if (obstacles.length > 0) console.log(`\nA release would be refused now:\n- ${obstacles.join('\n- ')}`)
  console.log('\nA dry run: nothing was published, and nothing in the tree has changed.')
  return problems.length > 0 || api.hasFailed ? 1 : 0
}

function showRelease(root: string): string[] {
  using copy = copyTree(root)
  run(copy.path, 'node', '--run', 'release:version')
  buildPackages(copy.path)
  const oldVersions = new Map(readPackages(root).map(({ name, version }) => [name, version]))
  const released = readPackages(copy.path)
    .filter(({ name, version }) => oldVersions.get(name) !== version)
    .toSorted((a, b) => Number(b.isPublic) - Number(a.isPublic))
  return released.flatMap((each) => {
    const packed: Packed | undefined = each.isPublic ? pack(each) : undefined
    console.log(reportPackage(oldVersions.get(each.name)!, each, packed))
    return packed ? packProblems(each, packed) : []
  })
}
