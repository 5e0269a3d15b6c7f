import type { IdentifierKind } from '@identity/core'
import type { SimulatedDatabase } from './database.ts'
import { answerOf as answerOfContact } from './identify-statements.ts'
import type { BlockRuleRow } from './rows.ts'
import type { Statement } from './statements.ts'
import { sqlError, type Transaction } from './transaction.ts'
import { deleteRows, updateRows } from './write-rows.ts'

/** What the statements do that keep block rules, and find what they are to be applied to. */
export const BLOCK_STATEMENTS: Readonly<Record<string, Statement>> = {
  'read-block-rules'(db, transaction) {
    return db.blockRules.rows(transaction).map(answerOf)
  },

  *'insert-block-rule'(db, transaction, { args }) {
    const [, kind, pattern] = args as [number, IdentifierKind, string]
    const id = db.blockRuleIds.draw()
    yield* db.lock(transaction, db.blockRules, `${kind} ${pattern}`)
    if (db.blockRules.rows(transaction).some((row) => row.kind === kind && row.pattern === pattern))
      throw sqlError('23505', `the rule ${pattern} exists`)
    const row = { id, kind, pattern, createdMs: db.clockMs(), isApplied: false }
    db.blockRules.write(transaction, id, row)
    return [answerOf(row)]
  },

  *'delete-block-rule'(db, transaction, { args }) {
    const gone = yield* deleteRows(db, transaction, db.blockRules, ({ id }) => id === args[1])
    return Object.assign([], { count: gone.length })
  },

  'read-pending-rules'(db, transaction) {
    return db.blockRules
      .rows(transaction)
      .filter(({ isApplied }) => !isApplied)
      .map(({ id, kind, pattern, createdMs }) => ({ id, kind, pattern, ageMs: db.clockMs() - createdMs }))
  },

  *'end-block-rules'(db, transaction, { args }) {
    const ids = args[1] as number[]
    yield* updateRows(
      db,
      transaction,
      db.blockRules,
      ({ id }) => ids.includes(id),
      (row) => ({ ...row, isApplied: true }),
    )
    return []
  },

  'has-code-point-order'(db) {
    return [{ is_so: db.hasCodePointOrder }]
  },

  'read-identifier-range'(db, transaction, { text, args }) {
    const [from, ...more] = args.slice(1) as [string, ...Array<string | number>]
    const limit = more.at(-1) as number
    const [to] = more.filter((arg) => typeof arg === 'string')
    return claimedValues(db, transaction, text)
      .filter((value) => (text.includes('> ?') ? value > from : value >= from) && (to === undefined || value < to))
      .slice(0, limit)
      .map((value) => ({ value }))
  },

  'match-identifier-page'(db, transaction, { text, args }) {
    const [, after, limit, patterns] = args as [number, string, number, string[]]
    const page = claimedValues(db, transaction, text)
      .filter((value) => value > after)
      .slice(0, limit)
    const matches = page.filter((value) => patterns.some((pattern) => isLike(value, pattern)))
    return [
      ...matches.map((value) => ({ value, isLast: false })),
      ...page.slice(-1).map((value) => ({ value, isLast: true })),
    ]
  },

  'read-deleted-page'(db, transaction, { args }) {
    const [, deletedAt, afterId, limit] = args as [number, string, number, number]
    const afterMs = deletedAt === '-infinity' ? Number.NEGATIVE_INFINITY : Date.parse(deletedAt)
    return db.contacts
      .rows(transaction)
      .flatMap((row) => (row.deletedMs === null ? [] : { row, deletedMs: row.deletedMs }))
      .filter(({ row, deletedMs }) => deletedMs > afterMs || (deletedMs === afterMs && row.id > afterId))
      .sort((one, other) => one.deletedMs - other.deletedMs || one.row.id - other.row.id)
      .slice(0, limit)
      .map(({ row }) => answerOfContact(row))
  },
}

function answerOf({ id, kind, pattern, createdMs, isApplied }: BlockRuleRow) {
  return { id, kind, pattern, createdAt: new Date(createdMs), actor: null, appliedUpTo: isApplied ? null : 0 }
}

/** In their order, of the kind that a statement is about. */
function claimedValues(db: SimulatedDatabase, transaction: Transaction, text: string): string[] {
  const asked: IdentifierKind = text.includes("claimed in ('email', 'both')") ? 'email' : 'phone'
  return db.claims
    .rows(transaction)
    .filter(({ kind }) => kind === asked)
    .map(({ value }) => value)
}

/** LIKE, as far as the statements use it: a backslash makes what follows a character like others. */
function isLike(value: string, pattern: string): boolean {
  const parts = pattern.match(/\\.|./gsu)!.map((part) => (part === '%' ? '.*' : literal(part.at(-1)!)))
  return new RegExp(`^${parts.join('')}$`, 'su').test(value)
}

function literal(character: string): string {
  return character.replace(/[\^$.*+?()[\]{}|/\\]/u, '\\$&')
}
