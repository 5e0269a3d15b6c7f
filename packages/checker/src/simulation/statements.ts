import { BLOCK_STATEMENTS } from './block-statements.ts'
import { CORRECTION_STATEMENTS } from './correction-statements.ts'
import type { SimulatedDatabase } from './database.ts'
import { EVENT_STATEMENTS } from './event-statements.ts'
import { IDENTIFY_STATEMENTS } from './identify-statements.ts'
import type { SimulatedQuery } from './query.ts'
import { RULE_STATEMENTS } from './rule-statements.ts'
import type { Progress, Transaction } from './transaction.ts'

export type Statement = (
  db: SimulatedDatabase,
  transaction: Transaction,
  query: SimulatedQuery,
) => unknown[] | Progress<unknown[]>

/** What each statement of the engine does, by the name in its comment. One that is missing here fails loudly. */
export const STATEMENTS: Readonly<Record<string, Statement>> = {
  ...IDENTIFY_STATEMENTS,
  ...EVENT_STATEMENTS,
  ...CORRECTION_STATEMENTS,
  ...RULE_STATEMENTS,
  ...BLOCK_STATEMENTS,
}
