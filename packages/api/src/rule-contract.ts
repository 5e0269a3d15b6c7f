import { z } from 'zod'
import { contactId, expected, positiveWholeNumber } from './contract-parts.ts'
import type {
  NewBlockRule,
  NewSeparation,
  PolicyChange,
  PreviewedBlock,
  RefusalsQuery,
  SeparationsQuery,
} from './rule-types.ts'

/** As many as one answer has. */
const MAX_LISTED = 1_000

const limitError = { error: expected(`a whole number from 1 to ${MAX_LISTED}`) }
const limit = z.int(limitError).min(1, limitError).max(MAX_LISTED, limitError)
const atLeastOneError = { error: expected('a whole number from 1, or null for none') }
const atLeastOne = z.int(atLeastOneError).min(1, atLeastOneError).nullable()
const kind = z.enum(['email', 'phone'], { error: expected('"email" or "phone"') })
const flag = z.boolean({ error: expected('true or false') })
const id = z.int(positiveWholeNumber).positive(positiveWholeNumber)
const reason = z.enum(['separation', 'email-limit', 'phone-limit'], {
  error: expected('"separation", "email-limit" or "phone-limit"'),
})

export const policyChange: z.ZodType<PolicyChange, PolicyChange> = z
  .strictObject(
    {
      blockJunk: flag,
      maxEmails: atLeastOne,
      maxPhoneNumbers: atLeastOne,
      refusalPriority: kind,
      suspectThreshold: atLeastOne,
      blockSuspects: flag,
    },
    { error: expected('an object with what is to change of the policy, and nothing else') },
  )
  .partial()

/** What makes a pattern valid is the core's. */
export const newBlockRule: z.ZodType<NewBlockRule, NewBlockRule> = z.strictObject(
  { kind, pattern: z.string({ error: expected('a value, or a part of one with one * at either end') }) },
  { error: expected('an object with kind and pattern') },
)

export const previewedBlock: z.ZodType<PreviewedBlock, PreviewedBlock> = z.union(
  [newBlockRule, z.strictObject({ preset: z.literal('junk') })],
  { error: expected('{ kind, pattern } or { preset: "junk" }') },
)

export const byId: z.ZodType<{ id: number }, { id: number }> = z.strictObject(
  { id },
  { error: expected('an object with id') },
)

export const newSeparation: z.ZodType<NewSeparation, NewSeparation> = z.strictObject(
  { contactIds: z.tuple([contactId, contactId], { error: expected('two ids of contacts') }) },
  { error: expected('an object with contactIds') },
)

export const separationsQuery: z.ZodType<SeparationsQuery, SeparationsQuery> = z.object(
  { contactId: contactId.optional(), after: id.optional(), limit: limit.optional() },
  { error: expected('an object with contactId, after, limit or none of them') },
)

export const refusalsQuery: z.ZodType<RefusalsQuery, RefusalsQuery> = z.object(
  {
    after: z.object({ personId: contactId, otherPersonId: contactId.nullable(), reason }).optional(),
    limit: limit.optional(),
  },
  { error: expected('an object with after, limit or neither') },
)
