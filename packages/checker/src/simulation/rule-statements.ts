import { NO_CHOICES } from '@identity/core'
import type { PolicyRow, SeparationRow } from './rows.ts'
import type { Statement } from './statements.ts'
import { deleteRows, refer, updateRows } from './write-rows.ts'

const WORKSPACE_ID = 1

const NEW_POLICY: Omit<PolicyRow, 'updatedMs'> = { version: 1, ...NO_CHOICES, hasSeparations: false }

/** What the statements do that read and write what a workspace refuses. */
export const RULE_STATEMENTS: Readonly<Record<string, Statement>> = {
  'read-policy-versions'(db, transaction) {
    return db.policies.rows(transaction).map(({ version }) => ({ workspace_id: WORKSPACE_ID, version }))
  },

  'list-writers'(db, transaction) {
    return [...db.transactions.values()]
      .filter((other) => other !== transaction && other.status === 'in progress' && other.mayWriteContacts)
      .map(({ id }) => ({ id }))
  },

  'read-policy'(db, transaction) {
    return db.policies.rows(transaction).map(({ updatedMs, ...row }) => ({ ...row, ageMs: db.clockMs() - updatedMs }))
  },

  *'touch-policy'(db, transaction) {
    yield* db.lock(transaction, db.policies, WORKSPACE_ID)
    const row = db.policies.get(transaction, WORKSPACE_ID)
    const touched = row ? { ...row, version: row.version + 1 } : NEW_POLICY
    db.policies.write(transaction, WORKSPACE_ID, { ...touched, updatedMs: db.clockMs() })
    return []
  },

  *'write-policy'(db, transaction, { args }) {
    const [blockJunk, maxEmails, maxPhoneNumbers, refusalPriority, suspectThreshold, blockSuspects] = args as [
      boolean,
      number | null,
      number | null,
      string,
      number | null,
      boolean,
    ]
    const choices = { blockJunk, maxEmails, maxPhoneNumbers, refusalPriority, suspectThreshold, blockSuspects }
    yield* updateRows(
      db,
      transaction,
      db.policies,
      () => true,
      (row) => ({ ...row, ...choices }),
    )
    return []
  },

  *'expect-separations'(db, transaction) {
    yield* updateRows(
      db,
      transaction,
      db.policies,
      () => true,
      (row) => ({ ...row, hasSeparations: true }),
    )
    return []
  },

  'read-separations'(db, transaction, { args }) {
    const ids = args[1] as number[]
    return db.separations
      .rows(transaction)
      .filter(({ contactId, otherContactId }) => ids.includes(contactId) || ids.includes(otherContactId))
      .sort((a, b) => a.id - b.id)
      .map(answerOf)
  },

  *'keep-apart'(db, transaction, { args }) {
    const [, contactId, otherContactId] = args as [number, number, number]
    const key = `${contactId} ${otherContactId}`
    const id = db.separationIds.draw()
    yield* db.lock(transaction, db.separations, key)
    const known = db.separations.get(transaction, key)
    const row = known ?? { id, contactId, otherContactId, createdMs: db.clockMs() }
    db.separations.write(transaction, key, row)
    yield* refer(db, transaction, [contactId, otherContactId])
    return [{ ...answerOf(row), created_at: new Date(row.createdMs), actor: null, is_new: !known }]
  },

  *'delete-separation'(db, transaction, { args }) {
    const gone = yield* deleteRows(db, transaction, db.separations, ({ id }) => id === args[1])
    return gone.map(answerOf)
  },

  *'count-refusals'(db, transaction, query) {
    const counted: unknown[] = []
    for (const row of query.unnested()) {
      const { person_id, other_person_id, reason, count } = row as {
        person_id: number
        other_person_id: number
        reason: string
        count: number
      }
      const key = `${person_id} ${other_person_id} ${reason}`
      yield* db.lock(transaction, db.refusals, key)
      const total = (db.refusals.get(transaction, key)?.count ?? 0) + count
      db.refusals.write(transaction, key, {
        personId: person_id,
        otherPersonId: other_person_id,
        reason,
        count: total,
      })
      counted.push({ person_id, other_person_id, reason, count: total })
    }
    return counted
  },
}

function answerOf({ id, contactId, otherContactId }: SeparationRow) {
  return { id, contact_id: contactId, other_contact_id: otherContactId }
}
