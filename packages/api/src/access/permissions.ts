import { covers, IdentityError, type KeyScope } from '@identity/core'
import type { CorrectionOperations } from '../correction-types.ts'
import type { RuleOperations } from '../rule-types.ts'
import type { IdentityOperations } from '../types.ts'
import type { WebhookOperations } from '../webhook-types.ts'

/** What each operation asks of whoever calls. An operation that is not here does not compile. */
const NEEDED: Needed<PersonOperations> = {
  getPerson: 'read',
  preview: 'read',
  listEvents: 'read',
  followEvents: 'read',
  identify: 'identify',
  identifyMany: 'identify',
}

const NEEDED_FOR_RULES: Needed<RuleOperations> = {
  getPolicy: 'read',
  listBlockRules: 'read',
  previewBlockRule: 'read',
  listSeparations: 'read',
  listRefusals: 'read',
  setPolicy: 'admin',
  addBlockRule: 'admin',
  removeBlockRule: 'admin',
  createSeparation: 'admin',
  releaseSeparation: 'admin',
}

const NEEDED_FOR_CORRECTIONS: Needed<CorrectionOperations> = {
  explain: 'read',
  history: 'read',
  asOf: 'read',
  split: 'admin',
  undo: 'admin',
  deleteContact: 'admin',
  restoreContact: 'admin',
  erase: 'admin',
}

/** Whoever may make an endpoint is sent everything that happens. */
const NEEDED_FOR_WEBHOOKS: Needed<WebhookOperations> = {
  create: 'admin',
  list: 'admin',
  update: 'admin',
  delete: 'admin',
  rotateSecret: 'admin',
  listDeadLetters: 'admin',
  retryDeadLetter: 'admin',
  retryDeadLetters: 'admin',
}

type PersonOperations = Omit<IdentityOperations, 'rules' | 'corrections' | 'webhooks'>

type Needed<Operations> = Readonly<Record<keyof Operations, KeyScope>>

/** The operations as the holder of a scope has them: those it does not cover are refused, whatever the transport. */
export function permitted(operations: IdentityOperations, scope: KeyScope): IdentityOperations {
  return {
    ...guarded<PersonOperations>(operations, NEEDED, scope),
    rules: guarded(operations.rules, NEEDED_FOR_RULES, scope),
    corrections: guarded(operations.corrections, NEEDED_FOR_CORRECTIONS, scope),
    webhooks: guarded(operations.webhooks, NEEDED_FOR_WEBHOOKS, scope),
  }
}

function guarded<Operations>(operations: Operations, needed: Needed<Operations>, scope: KeyScope): Operations {
  const entries = Object.entries<KeyScope>(needed).map(([name, least]) => {
    const operation = operations[name as keyof Operations] as (...args: never[]) => Promise<unknown>
    return [name, covers(scope, least) ? operation.bind(operations) : async () => refuse(least, scope)]
  })
  return Object.fromEntries(entries) as Operations
}

function refuse(needed: KeyScope, scope: KeyScope): never {
  const detail = `This needs an API key with the scope ${needed}; the one that was sent has ${scope}.`
  throw new IdentityError('forbidden', detail)
}
