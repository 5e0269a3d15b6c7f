import { z } from 'zod'
import { contactId, expected, idText, limitUpTo, positiveWholeNumber } from './contract-parts.ts'
import type {
  BlockPreview,
  BlockRule,
  BlockRuleList,
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

const { limit, limitText } = limitUpTo(MAX_LISTED)
const atLeastOneError = { error: expected('a whole number from 1, or null for none') }
const atLeastOne = z.int(atLeastOneError).min(1, atLeastOneError).nullable()
const kind = z.enum(['email', 'phone'], { error: expected('"email" or "phone"') })
const flag = z.boolean({ error: expected('true or false') })
const id = z.int(positiveWholeNumber).positive(positiveWholeNumber)
const reason = z.enum(['separation', 'email-limit', 'phone-limit'], {
  error: expected('"separation", "email-limit" or "phone-limit"'),
})
const time = z.iso.datetime({ precision: 3 })
const count = z.int().nonnegative()
const actor = z.string().nullable().meta({ description: 'The id of the API key; null where none was asked for.' })

const choices = {
  blockJunk: flag.meta({ description: 'Whether the preset of the usual junk is blocked.' }),
  maxEmails: atLeastOne.meta({ description: 'At most so many e-mails a person; null: any number.' }),
  maxPhoneNumbers: atLeastOne.meta({ description: 'At most so many phone numbers a person; null: any number.' }),
  refusalPriority: kind.meta({
    description: 'Who answers a request that is refused: the owner of its e-mail, or of its phone number.',
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
  .strictObject(choices, { error: expected('an object with what is to change of the policy, and nothing else') })
  .partial()
  .meta({ id: 'PolicyChange', description: 'What is left out stays.' })

/** What makes a pattern valid is the core's. */
export const newBlockRule: z.ZodType<NewBlockRule, NewBlockRule> = z
  .strictObject(
    {
      kind,
      pattern: z
        .string({ error: expected('a value, or a part of one with one * at either end') })
        .meta({ description: 'A value or, with one * at either end, all that begin or end alike.' }),
    },
    { error: expected('an object with kind and pattern') },
  )
  .meta({ id: 'NewBlockRule' })

export const previewedBlock: z.ZodType<PreviewedBlock, PreviewedBlock> = z
  .union([newBlockRule, z.strictObject({ preset: z.literal('junk') })], {
    error: expected('{ kind, pattern } or { preset: "junk" }'),
  })
  .meta({ id: 'PreviewedBlock', description: 'One rule, or the preset of the usual junk.' })

export const blockRule: z.ZodType<BlockRule> = z
  .object({
    id,
    kind,
    pattern: z.string().meta({ description: 'In canonical form.' }),
    createdAt: time,
    actor: actor.meta({
      description: 'The id of the API key; null where none was asked for, or the service blocked a suspect.',
    }),
    isApplied: z.boolean().meta({ description: 'Whether it has been applied to all that was there before it.' }),
  })
  .meta({ id: 'BlockRule', description: 'Values that never link and count as absent.' })

export const blockRuleList: z.ZodType<BlockRuleList> = z
  .object({ rules: z.array(blockRule).meta({ description: 'Oldest first.' }) })
  .meta({ id: 'BlockRuleList' })

export const blockPreview: z.ZodType<BlockPreview> = z
  .object({
    persons: count.meta({ description: 'Persons that have a value which it blocks.' }),
    splitPersons: count.meta({ description: 'Those of them that would come apart.' }),
    partsAfter: count.meta({ description: 'Into how many persons together.' }),
    sample: z.array(contactId).meta({ description: 'Some of those that would come apart, by their ids.' }),
    isComplete: z.boolean().meta({
      description: 'False where there was more than is looked at for one preview: then the counts are of what was.',
    }),
  })
  .meta({ id: 'BlockPreview', description: 'What applying a rule would do to the persons there are.' })

export const removal: z.ZodType<Removal> = z
  .object({ removed: z.boolean().meta({ description: 'Whether there was what was to be removed.' }) })
  .meta({ id: 'Removal' })

export const byId: z.ZodType<{ id: number }, { id: number }> = z.strictObject(
  { id },
  { error: expected('an object with id') },
)

/** The same as an address carries it. */
export const byIdText = z.object({ id: idText })

export const newSeparation: z.ZodType<NewSeparation, NewSeparation> = z
  .strictObject(
    {
      contactIds: z
        .tuple([contactId, contactId], { error: expected('two ids of contacts') })
        .meta({ description: 'Two contacts of different persons.' }),
    },
    { error: expected('an object with contactIds') },
  )
  .meta({ id: 'NewSeparation' })

export const separation: z.ZodType<Separation> = z
  .object({
    id,
    contactIds: z.tuple([contactId, contactId]).meta({ description: 'The lower id first.' }),
    createdAt: time,
    actor,
  })
  .meta({ id: 'Separation', description: 'Says that two contacts are different people.' })

export const separationList: z.ZodType<SeparationList> = z
  .object({ separations: z.array(separation).meta({ description: 'By id. Go on after the last one.' }) })
  .meta({ id: 'SeparationList' })

export const separationsQuery: z.ZodType<SeparationsQuery, SeparationsQuery> = z.object(
  { contactId: contactId.optional(), after: id.optional(), limit: limit.optional() },
  { error: expected('an object with contactId, after, limit or none of them') },
)

/** The same as an address carries it. */
export const separationsQueryText = z.object({
  contactId: idText.optional(),
  after: idText.optional(),
  limit: limitText.optional(),
})

const refusalKey = { personId: contactId, otherPersonId: contactId.nullable(), reason }

export const refusalList: z.ZodType<RefusalList> = z
  .object({
    refusals: z
      .array(
        z.object({
          personId: contactId.meta({ description: 'The person that answered.' }),
          otherPersonId: contactId
            .nullable()
            .meta({ description: 'The person that was not joined; null where a value was not added.' }),
          reason,
          count: z.int().positive(),
          firstAt: time,
          lastAt: time,
        }),
      )
      .meta({ description: 'By person, other person and reason. Go on after the last one.' }),
  })
  .meta({ id: 'RefusalList' })

export const refusalsQuery: z.ZodType<RefusalsQuery, RefusalsQuery> = z.object(
  { after: z.object(refusalKey).optional(), limit: limit.optional() },
  { error: expected('an object with after, limit or neither') },
)

/** The same as an address carries it: a refusal has no id, so the three that name it stand in a row. */
export const refusalsQueryText = z.object({
  after: z
    .string()
    .regex(/^[1-9]\d{0,14},([1-9]\d{0,14})?,(separation|email-limit|phone-limit)$/, {
      error: expected('personId,otherPersonId,reason of a refusal, such as "11,27,separation" or "11,,email-limit"'),
    })
    .transform((text) => {
      const [personId, otherPersonId, reason] = text.split(',')
      return { personId: Number(personId), otherPersonId: otherPersonId ? Number(otherPersonId) : null, reason }
    })
    .pipe(z.object(refusalKey))
    .optional(),
  limit: limitText.optional(),
})
