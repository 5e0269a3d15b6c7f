import type { SimulatedDatabase } from './database.ts'
import type { ClaimRow, ContactRow } from './rows.ts'
import { type Progress, sqlError, type Transaction } from './transaction.ts'

/** The values that link a contact. */
export function valuesOf({ email, phoneNumber, released }: ContactRow): Array<Pick<ClaimRow, 'kind' | 'value'>> {
  const values: Array<Pick<ClaimRow, 'kind' | 'value'>> = []
  if (email !== null && released !== 'email' && released !== 'both') values.push({ kind: 'email', value: email })
  if (phoneNumber !== null && released !== 'phone' && released !== 'both')
    values.push({ kind: 'phone', value: phoneNumber })
  return values
}

export function keyOf({ kind, value }: Pick<ClaimRow, 'kind' | 'value'>): string {
  return `${kind} ${value}`
}

/** A unique index makes an insertion wait for whoever is inserting the same key, or taking it away. @throws Error 23505 */
export function* claim(db: SimulatedDatabase, transaction: Transaction, row: ClaimRow): Progress<void> {
  const key = keyOf(row)
  yield* db.lock(transaction, db.claims, key)
  if (db.claims.get(transaction, key)) throw sqlError('23505', `${key} exists`)
  db.claims.write(transaction, key, row)
}

/** What the constraint on `contact` refuses. @throws Error 23514 */
export function checkClaims(db: SimulatedDatabase, transaction: Transaction): void {
  for (const { kind, value, contactId } of db.claims.rows(transaction)) {
    const contact = db.contacts.get(transaction, contactId)
    if (contact && !valuesOf(contact).some((own) => own.kind === kind && own.value === value))
      throw sqlError('23514', `contact ${contactId} claims what does not link it`)
  }
}
