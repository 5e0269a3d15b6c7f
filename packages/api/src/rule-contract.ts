import { z } from 'zod'
import { contactId, expected, positiveWholeNumber } from './contract-parts.ts'
import type {
  BlockPreview,
  BlockRule,
  BlockRuleList,
  CountedRefusal,
  NewBlockRule,
  NewSeparation,
  Policy,
  PolicyChange,
  PreviewedBlock,
  RefusalList,
  RefusalsQuery,
  Removal,
  Separation,
  SeparationList,
  SeparationsQuery,
} from './rule-types.ts'

/** As many as one answer has. */
export const MAX_LISTED = 1_000

const limitError = { error: expected(`a whole number from 1 to ${MAX_LISTED}`) }
const limit = z.int(limitError).min(1, limitError).max(MAX_LISTED, limitError)
const atLeastOneError = { error: expected('a whole number from 1, or null for none') }
const atLeastOne = z.int(atLeastOneError).min(1, atLeastOneError).nullable()
const kind = z.enum(['email', 'phone'], { error: expected('"email" or "phone"') })
const flag = z.boolean({ error: expected('true or false') })
const id = z.int(positiveWholeNumber).positive(positiveWholeNumber)
const time = z.iso.datetime({ precision: 3 })
const actor = z.string().nullable().meta({ description: 'The id of the API key that asked for it, if any.' })
const reason = z.enum(['separation', 'email-limit', 'phone-limit'])

const choices = {
  blockJunk: flag.meta({ description: 'Whether the preset of the usual junk is blocked.' }),
  maxEmails: atLeastOne.meta({ description: 'At most so many e-mails a person; null: any number.' }),
  maxPhoneNumbers: atLeastOne.meta({ description: 'At most so many phone numbers a person; null: any number.' }),
  refusalPriority: kind.meta({
    description: 'Who answers a request that is refused: the owner of its e-mail or phone.',
  }),
  suspectThreshold: atLeastOne.meta({
    description: 'An identifier that has met more different counterparts than this is suspect; null: none is.',
  }),
  blockSuspects: flag.meta({ description: 'Whether a suspect is blocked by itself.' }),
}

export const policy: z.ZodType<Policy> = z
  .object(choices)
  .meta({ id: 'Policy', description: 'What a workspace blocks and limits, beside its block rules.' })

export const policyChange: z.ZodType<PolicyChange, PolicyChange> = z
  .strictObject(choices, { error: expected('an object with what is to change of the policy') })
  .partial()
  .meta({ id: 'PolicyChange', description: 'What is to change; what is left out stays.' })

const newRule = {
  kind,
  pattern: z
    .string({ error: expected('a value, or a part of one with one * at either end') })
    .meta({ description: 'A value, or with one * at either end all that begin or end alike: *@example.com, 0000*.' }),
}

export const newBlockRule: z.ZodType<NewBlockRule, NewBlockRule> = z
  .strictObject(newRule, { error: expected('an object with kind and pattern') })
  .meta({ id: 'NewBlockRule', description: 'Values that never link and count as absent.' })

export const blockRule: z.ZodType<BlockRule> = z
  .object({
    id,
    ...newRule,
    createdAt: time,
    actor,
    isApplied: flag.meta({ description: 'Whether it has been applied to all that was there before it.' }),
  })
  .meta({ id: 'BlockRule', description: 'A block rule, its pattern in canonical form.' })

export const blockRuleList: z.ZodType<BlockRuleList> = z
  .object({ rules: z.array(blockRule) })
  .meta({ id: 'BlockRuleList' })

export const previewedBlock: z.ZodType<PreviewedBlock, PreviewedBlock> = z.union(
  [newBlockRule, z.strictObject({ preset: z.literal('junk') })],
  { error: expected('{ kind, pattern } or { preset: "junk" }') },
)

export const blockPreview: z.ZodType<BlockPreview> = z.object({
  persons: z.int(),
  splitPersons: z.int(),
  partsAfter: z.int(),
  sample: z.array(contactId),
  isComplete: z.boolean(),
})

export const byId: z.ZodType<{ id: number }, { id: number }> = z.strictObject(
  { id },
  { error: expected('an object with id') },
)

export const removal: z.ZodType<Removal> = z
  .object({ removed: z.boolean().meta({ description: 'Whether there was one.' }) })
  .meta({ id: 'Removal' })

const pair = z.tuple([contactId, contactId], { error: expected('two ids of contacts') })

export const newSeparation: z.ZodType<NewSeparation, NewSeparation> = z
  .strictObject({ contactIds: pair }, { error: expected('an object with contactIds') })
  .meta({ id: 'NewSeparation', description: 'Two contacts that are different people.' })

export const separation: z.ZodType<Separation> = z
  .object({ id, contactIds: pair, createdAt: time, actor })
  .meta({ id: 'Separation', description: 'Two contacts that are different people, the lower id first.' })

export const separationsQuery: z.ZodType<SeparationsQuery, SeparationsQuery> = z.object(
  { contactId: contactId.optional(), after: id.optional(), limit: limit.optional() },
  { error: expected('an object with contactId, after, limit or none of them') },
)

export const separationList: z.ZodType<SeparationList> = z
  .object({ separations: z.array(separation) })
  .meta({ id: 'SeparationList' })

const refusalKey = { personId: contactId, otherPersonId: contactId.nullable(), reason }

const countedRefusal: z.ZodType<CountedRefusal> = z
  .object({ ...refusalKey, count: z.int().positive(), firstAt: time, lastAt: time })
  .meta({ id: 'Refusal', description: 'How often a rule refused to join two persons, or to bring a value to one.' })

export const refusalsQuery: z.ZodType<RefusalsQuery, RefusalsQuery> = z.object(
  { after: z.object(refusalKey).optional(), limit: limit.optional() },
  { error: expected('an object with after, limit or neither') },
)

export const refusalList: z.ZodType<RefusalList> = z
  .object({ refusals: z.array(countedRefusal) })
  .meta({ id: 'RefusalList' })
