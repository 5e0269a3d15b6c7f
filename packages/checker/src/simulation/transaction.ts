export type TransactionStatus = 'in progress' | 'committed' | 'aborted'

/** One transaction. What it has written, and nobody else sees yet, the tables keep. */
export class Transaction {
  readonly id: string
  status: TransactionStatus = 'in progress'
  hasWritten = false
  /** Whether its locks say that it may write contacts. */
  mayWriteContacts = false
  /** The id of the change that it wrote last. */
  changeId: number | undefined
  /** Woken when it ends. */
  readonly waiters: Array<() => void> = []
  waitsFor: Transaction | null = null

  constructor(id: string) {
    this.id = id
  }
}

/** Progress of a statement: each time, the transaction whose end it waits for, or null where it could go on at once. */
export type Progress<T> = Generator<Transaction | null, T>

/** A failure as the driver reports one of PostgreSQL's. */
export function sqlError(code: string, message: string, severity = 'ERROR'): Error {
  return Object.assign(new Error(message), { code, severity })
}
