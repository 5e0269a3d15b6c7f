import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { run, watch } from './command.ts'
import { pack, packProblems } from './pack.ts'
import { buildPackages, type Package, readPackages } from './packages.ts'
import { apiChanges, refusals } from './refusals.ts'

/** Versions, checks, commits, publishes and tags. One that failed while publishing is taken up again by the next call. */
export function release(root: string): 0 | 1 {
  if (isUnfinished(root)) {
    buildAndInspect(root)
  } else {
    const reasons = refusals(root, apiChanges(root))
    if (reasons.length > 0) {
      console.error(`\nThis is not released:\n- ${reasons.join('\n- ')}`)
      return 1
    }
    prepare(root)
  }
  publish(root)
  return 0
}

/** Up to the commit, nothing is done that cannot be taken back. */
function prepare(root: string): void {
  try {
    run(root, 'node', '--run', 'release:version')
    run(root, 'git', 'add', '--all')
    watch(root, 'pnpm', 'run', 'check')
    buildAndInspect(root)
  } catch (error) {
    console.error(
      '\nNothing is published or committed. This takes the new versions back: git restore --staged --worktree .',
    )
    throw error
  }
  run(root, 'git', 'commit', '--quiet', '--message', subject(versionOf(root)))
}

function publish(root: string): void {
  const version = versionOf(root)
  const { access } = JSON.parse(readFileSync(join(root, '.changeset/config.json'), 'utf8'))
  try {
    watch(root, 'pnpm', '--recursive', 'publish', '--access', access)
  } catch (error) {
    console.error(
      '\nThe release is committed, and not all of it published. Once the cause is gone, run this again: it goes on there.',
    )
    throw error
  }
  run(root, 'git', 'tag', '--annotate', `v${version}`, '--message', subject(version))
  console.log(`\n${version} is published, committed and tagged. Now share it: git push --follow-tags`)
}

/** A release that was committed, but not published to its end. */
function isUnfinished(root: string): boolean {
  const version = versionOf(root)
  const head = run(root, 'git', 'log', '-1', '--format=%s').trim()
  return head === subject(version) && run(root, 'git', 'tag', '--list', `v${version}`) === ''
}

function publicPackages(root: string): Package[] {
  return readPackages(root).filter(({ isPublic }) => isPublic)
}

function versionOf(root: string): string {
  const [version, ...others] = new Set(publicPackages(root).map((each) => each.version))
  if (version === undefined || others.length > 0)
    throw new Error(
      `The published packages must have one version; found ${[version, ...others].join(', ')}. See "fixed" in .changeset/config.json.`,
    )
  return version
}

function buildAndInspect(root: string): void {
  buildPackages(root)
  const problems = publicPackages(root).flatMap((each) => packProblems(each, pack(each)))
  if (problems.length > 0) throw new Error(problems.join('\n'))
}

function subject(version: string): string {
  return `Release ${version}`
}
