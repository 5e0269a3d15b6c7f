import type { BlockRule } from '../../block-list.ts'
import { type BlockPattern, blockPattern } from '../../block-pattern.ts'
import { IDENTIFIER_KINDS, type Identifier, type IdentifierKind } from '../../identifier.ts'
import { hasCodePointOrder } from '../statements/has-code-point-order.ts'
import { type MatchedPage, matchIdentifierPage } from '../statements/match-identifier-page.ts'
import { type IdentifierPage, type IdentifierRange, readIdentifierRange } from '../statements/read-identifier-range.ts'
import { endOfPrefix } from './end-of-prefix.ts'
import type { Run } from './run.ts'

/** Matching values that one statement reads. */
const RANGE_SIZE = 1_000
/** Values that one statement looks at where nothing says which of them match: some 10 ms of the database. */
const WALK_SIZE = 10_000

export interface BlockedPage {
  readonly identifiers: readonly Identifier[]
  /** Values that were read, or asked about, for them. */
  readonly lookedAt: number
}

/**
 * The identifiers that link somebody and that the rules block, page by page; exact ones may link nobody. An exact value is its own key, a
 * prefix a range of the key, and for what ends alike all values of the kind are looked at, in the database. Some may come twice.
 */
export async function* findBlocked(
  run: Run,
  workspaceId: number,
  rules: readonly BlockRule[],
): AsyncGenerator<BlockedPage> {
  for (const kind of IDENTIFIER_KINDS) {
    const patterns = rules.filter((rule) => rule.kind === kind).map(({ pattern }) => blockPattern(kind, pattern))
    const ofMatch = (match: BlockPattern['match']) =>
      patterns.filter((pattern) => pattern.match === match).map(({ text }) => text)
    const exact = ofMatch('exact').map((value) => ({ kind, value }))
    if (exact.length > 0) yield { identifiers: exact, lookedAt: exact.length }
    const prefixes = ofMatch('prefix')
    const walked = ofMatch('suffix').map((suffix) => `%${escaped(suffix)}`)
    if (prefixes.length > 0 && (await run(hasCodePointOrder))) {
      for (const prefix of prefixes) yield* inRange(run, workspaceId, kind, prefix)
    } else walked.push(...prefixes.map((prefix) => `${escaped(prefix)}%`))
    if (walked.length > 0) yield* among(run, workspaceId, kind, walked)
  }
}

async function* inRange(
  run: Run,
  workspaceId: number,
  kind: IdentifierKind,
  prefix: string,
): AsyncGenerator<BlockedPage> {
  const range = { workspaceId, kind, from: prefix, to: endOfPrefix(prefix), limit: RANGE_SIZE }
  for (let afterValue: string | null = null; ; ) {
    const page: IdentifierRange = { ...range, afterValue }
    const values: string[] = await run((db) => readIdentifierRange(db, page))
    if (values.length > 0) yield { identifiers: values.map((value) => ({ kind, value })), lookedAt: values.length }
    if (values.length < RANGE_SIZE) return
    afterValue = values.at(-1)!
  }
}

async function* among(
  run: Run,
  workspaceId: number,
  kind: IdentifierKind,
  patterns: readonly string[],
): AsyncGenerator<BlockedPage> {
  for (let afterValue: string | null = null; ; ) {
    const page: IdentifierPage = { workspaceId, kind, afterValue, limit: WALK_SIZE }
    const { matches, lastValue }: MatchedPage = await run((db) => matchIdentifierPage(db, page, patterns))
    if (lastValue === null) return
    yield { identifiers: matches.map((value) => ({ kind, value })), lookedAt: WALK_SIZE }
    afterValue = lastValue
  }
}

/** As LIKE takes it literally. */
function escaped(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&')
}
