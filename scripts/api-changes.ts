// Prints what changed in the HTTP API since the last release. Ends with 1 if something breaks callers and no changeset says so.
import { remedy } from './openapi-changes/announced.ts'
import type { Change } from './openapi-changes/change.ts'
import { changesSinceRelease } from './openapi-changes/released.ts'

const { version, changes, surprises } = changesSinceRelease()
const announced = changes.filter((change) => change.breaking && !surprises.includes(change))

function print(title: string, list: readonly Change[]): void {
  if (list.length === 0) return
  console.log(`\n${title}`)
  for (const { where, what } of list) console.log(`  ${where}: ${what}`)
}

console.log(changes.length > 0 ? `The HTTP API since ${version}:` : `The HTTP API is that of ${version}.`)
print('Breaking, and not announced', surprises)
print('Breaking, and announced', announced)
print(
  'Compatible',
  changes.filter((change) => !change.breaking),
)
if (surprises.length > 0) {
  console.log(`\n${remedy(version)}`)
  process.exitCode = 1
}
