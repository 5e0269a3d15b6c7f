import type { IdentifierKind } from '@identity/core'
import { checkClaims, claim } from './claims.ts'
import { answerOf, contactsOfPersonsOf, namedBy } from './identify-statements.ts'
import type { ContactRow } from './rows.ts'
import type { Statement } from './statements.ts'
import { type Progress, sqlError } from './transaction.ts'
import { deleteRows, refer, updateRows } from './write-rows.ts'

/** What the statements do that corrections have beside those of identify. */
export const CORRECTION_STATEMENTS: Readonly<Record<string, Statement>> = {
  'read-contacts'(db, transaction, { args }) {
    return db.contacts
      .rows(transaction)
      .filter(namedBy(args[1] as number[]))
      .map(answerOf)
  },

  'read-persons-of-contacts'(db, transaction, { args }) {
    return contactsOfPersonsOf(db, transaction, args.find((arg) => Array.isArray(arg)) as number[])
  },

  *'lock-persons-of-contacts'(db, transaction, { args }) {
    const ids = args[1] as number[]
    const found = ids.flatMap((id) => db.contacts.get(transaction, id) ?? [])
    const rootIds = [...new Set(found.map(({ id, linkedId }) => linkedId ?? id))].sort((a, b) => a - b)
    const locked: Array<{ id: number }> = []
    for (const id of rootIds) {
      yield* db.lock(transaction, db.contacts, id)
      // One that was deleted while its lock was awaited is not returned.
      if (db.contacts.get(transaction, id)) locked.push({ id })
    }
    return locked
  },

  'read-owners'(db, transaction, { args }) {
    const isAsked = identifiersIn(args)
    const owners = db.claims.rows(transaction).filter(({ kind, value }) => isAsked(kind, value))
    return [...new Set(owners.map(({ contactId }) => contactId))].map((id) => ({ id }))
  },

  'find-released'(db, transaction, { args }) {
    const isAsked = identifiersIn(args)
    const isCopy = ({ email, phoneNumber, released }: ContactRow) =>
      ((released === 'email' || released === 'both') && isAsked('email', email)) ||
      ((released === 'phone' || released === 'both') && isAsked('phone', phoneNumber))
    return db.contacts
      .rows(transaction)
      .filter(isCopy)
      .map(({ id }) => ({ id }))
  },

  'read-bridges'(db, transaction, { args }) {
    const ids = args[1] as number[]
    return db.bridges
      .rows(transaction)
      .filter(({ emailContactId, phoneContactId }) => ids.includes(emailContactId) || ids.includes(phoneContactId))
      .sort((a, b) => a.atMs - b.atMs || a.emailContactId - b.emailContactId || a.phoneContactId - b.phoneContactId)
      .map(({ emailContactId, phoneContactId, atMs }) => ({
        email_contact_id: emailContactId,
        phone_contact_id: phoneContactId,
        at_ms: atMs,
      }))
  },

  *'insert-bridges'(db, transaction, query) {
    const at = query.args.find((arg) => arg instanceof Date) as Date
    for (const row of query.unnested()) {
      const [emailContactId, phoneContactId] = [row.email_contact_id as number, row.phone_contact_id as number]
      const key = `${emailContactId},${phoneContactId}`
      yield* db.lock(transaction, db.bridges, key)
      if (db.bridges.get(transaction, key)) continue
      db.bridges.write(transaction, key, { emailContactId, phoneContactId, atMs: at.getTime() })
    }
    return []
  },

  *'delete-bridges'(db, transaction, { args }) {
    const pairs = args[3] as string[]
    yield* deleteRows(db, transaction, db.bridges, ({ emailContactId, phoneContactId }) =>
      pairs.includes(`{${emailContactId},${phoneContactId}}`),
    )
    return []
  },

  *'unclaim-identifiers'(db, transaction, { args }) {
    const [other, , values, contactIds] = args as [IdentifierKind, number, string[], number[]]
    return yield* deleteRows(
      db,
      transaction,
      db.claims,
      ({ kind, value, contactId }) => kind !== other && values.includes(value) && contactIds.includes(contactId),
    )
  },

  *'claim-identifiers'(db, transaction, { args }) {
    const [kind, , , contactIds] = args as [IdentifierKind, unknown, unknown, number[]]
    for (const contactId of contactIds) {
      const contact = db.contacts.get(transaction, contactId)
      const value = kind === 'email' ? contact?.email : contact?.phoneNumber
      if (value) yield* claim(db, transaction, { kind, value, contactId })
    }
    checkClaims(db, transaction)
    return []
  },

  *'correct-contacts'(db, transaction, { args }) {
    const [linkedIds, ids, , , releases, , deletedMs] = args as [
      Array<number | null>,
      number[],
      unknown,
      unknown,
      Array<ContactRow['released']>,
      unknown,
      Array<number | null>,
    ]
    const at = args.find((arg) => arg instanceof Date) as Date
    yield* updateRows(db, transaction, db.contacts, namedBy(ids), (row) => {
      const n = ids.indexOf(row.id)
      const [linkedId, released] = [linkedIds[n]!, releases[n]!]
      return { ...row, linkedId, released, deletedMs: deletedMs[n]!, updatedMs: at.getTime() }
    })
    checkClaims(db, transaction)
    yield* refer(
      db,
      transaction,
      linkedIds.filter((id) => id !== null),
    )
    return []
  },

  *'scrub-contacts'(db, transaction, { args }) {
    const [withoutEmail, withoutPhone, at, , ids] = args as [number[], number[], Date, number, number[]]
    yield* updateRows(db, transaction, db.contacts, namedBy(ids), (row) => {
      const email = withoutEmail.includes(row.id) ? null : row.email
      const phoneNumber = withoutPhone.includes(row.id) ? null : row.phoneNumber
      if (email === null && phoneNumber === null) throw sqlError('23514', `contact ${row.id} has no identifier left`)
      return { ...row, email, phoneNumber, updatedMs: at.getTime() }
    })
    checkClaims(db, transaction)
    return []
  },

  'pass-sequence'(db, _transaction, { args }) {
    db.contactIds.pass(args[0] as number)
    return []
  },

  *'erase-email-bridges'(db, transaction, { args }) {
    const ids = args[1] as number[]
    yield* deleteRows(db, transaction, db.bridges, ({ emailContactId }) => ids.includes(emailContactId))
    return []
  },

  *'erase-phone-bridges'(db, transaction, { args }) {
    const ids = args[1] as number[]
    yield* deleteRows(db, transaction, db.bridges, ({ phoneContactId }) => ids.includes(phoneContactId))
    return []
  },

  *'erase-separations'(db, transaction, { args }) {
    const ids = args[1] as number[]
    yield* deleteRows(db, transaction, db.separations, ({ contactId }) => ids.includes(contactId))
    return []
  },

  *'erase-other-separations'(db, transaction, { args }) {
    const ids = args[1] as number[]
    yield* deleteRows(db, transaction, db.separations, ({ otherContactId }) => ids.includes(otherContactId))
    return []
  },

  *'erase-refusals'(db, transaction, { args }) {
    const ids = args[1] as number[]
    yield* deleteRows(db, transaction, db.refusals, ({ personId }) => ids.includes(personId))
    return []
  },

  *'erase-secondaries'(db, transaction, { args }) {
    const isAsked = namedBy(args[1] as number[])
    return yield* eraseRows(db, transaction, (row) => isAsked(row) && row.linkedId !== null)
  },

  *'erase-contacts'(db, transaction, { args }) {
    return yield* eraseRows(db, transaction, namedBy(args[1] as number[]))
  },
}

/** Whether a value is among those that a statement asks for: e-mails in one list, phone numbers in the next. */
function identifiersIn(args: readonly unknown[]): (kind: 'email' | 'phone', value: string | null) => boolean {
  const [emails, phones] = args.filter((arg) => Array.isArray(arg)) as [string[], string[]]
  return (kind, value) => value !== null && (kind === 'email' ? emails : phones).includes(value)
}

/** At the end of it, foreign keys allow no row to name a contact that is gone. */
function* eraseRows(
  db: Parameters<Statement>[0],
  transaction: Parameters<Statement>[1],
  isAsked: (row: ContactRow) => boolean,
): Progress<unknown[]> {
  const gone = new Set((yield* deleteRows(db, transaction, db.contacts, isAsked)).map(({ id }) => id))
  yield* deleteRows(db, transaction, db.claims, ({ contactId }) => gone.has(contactId))
  const named = [
    ...db.contacts.rows(transaction).map(({ linkedId }) => linkedId),
    ...db.separations.rows(transaction).flatMap(({ contactId, otherContactId }) => [contactId, otherContactId]),
  ]
  const left = named.find((id) => id !== null && gone.has(id))
  if (left !== undefined) throw sqlError('23503', `contact ${left} is still named`)
  return []
}
