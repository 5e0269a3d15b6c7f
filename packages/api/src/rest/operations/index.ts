import type { RestOperation } from '../operation.ts'
import { deleteContact, erasePerson, restoreContact, splitPerson, undoMerge } from './corrections.ts'
import { findPerson } from './find-person.ts'
import { getPerson } from './get-person.ts'
import { identify } from './identify.ts'
import { identifyBatch } from './identify-batch.ts'
import { explainPerson, getPersonAsOf, getPersonHistory } from './inquiries.ts'
import { listEvents } from './list-events.ts'
import { previewIdentify } from './preview-identify.ts'
import { RULE_OPERATIONS } from './rules/index.ts'
import { WEBHOOK_OPERATIONS } from './webhooks/index.ts'

/** All plain HTTP operations: what the server routes, the document describes and the client's fake answers. */
export const OPERATIONS: readonly RestOperation[] = [
  identify,
  identifyBatch,
  previewIdentify,
  findPerson,
  getPerson,
  explainPerson,
  getPersonHistory,
  getPersonAsOf,
  splitPerson,
  erasePerson,
  undoMerge,
  deleteContact,
  restoreContact,
  listEvents,
  ...RULE_OPERATIONS,
  ...WEBHOOK_OPERATIONS,
]
