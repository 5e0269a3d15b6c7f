import type { Change } from './change.ts'
import type { Bump, Changeset } from './changesets.ts'

/** The package whose changelog the users of the HTTP API read. */
const PACKAGE = '@identity/api'

/** Before 1.0.0, a minor version may break; from then on, only a major one. */
export function bumpForBreaking(releasedVersion: string): Bump {
  return releasedVersion.startsWith('0.') ? 'minor' : 'major'
}

/**
 * The breaking changes that no changeset announces. One that does bumps enough, and has a paragraph that begins with
 * `**Breaking:**` and names the operation.
 */
export function unannounced(
  changes: readonly Change[],
  changesets: readonly Changeset[],
  releasedVersion: string,
): Change[] {
  const needed = bumpForBreaking(releasedVersion)
  const announcements = changesets
    .filter(({ bumps }) => [needed, 'major'].includes(bumps[PACKAGE] ?? 'none'))
    .flatMap(({ text }) => text.split(/\n\s*\n/).filter((paragraph) => paragraph.startsWith('**Breaking:**')))
  return changes.filter(({ breaking, where }) => {
    const operation = where.split(' › ')[0]!
    return breaking && !announcements.some((paragraph) => paragraph.includes(`\`${operation}\``))
  })
}

/** What to do about them. */
export function remedy(releasedVersion: string): string {
  const bump = bumpForBreaking(releasedVersion)
  return `Keep the old way working beside the new one, or announce it: npm run changeset, ${bump} for ${PACKAGE}, with a paragraph that begins with **Breaking:** and names the operation, such as \`POST /identify\`.`
}
