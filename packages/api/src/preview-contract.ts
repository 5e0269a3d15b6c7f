import { z } from 'zod'
import { contactId } from './contract-parts.ts'
import type { PreviewResponse } from './types.ts'

export const previewResponse: z.ZodType<PreviewResponse> = z
  .object({
    outcome: z.enum(['existing', 'created', 'linked', 'merged', 'refused']).meta({
      description:
        'Nothing, a new person, a contact more, several persons made one, or nothing as a rule of the workspace refuses it.',
    }),
    contact: z
      .object({
        primaryContactId: contactId.nullable().meta({ description: 'The oldest contact; null where it would be new.' }),
        emails: z.array(z.string()).meta({ description: "The primary's own first, then by age; none twice." }),
        phoneNumbers: z.array(z.string()).meta({ description: "The primary's own first, then by age; none twice." }),
        secondaryContactIds: z.array(contactId).meta({ description: 'All other contacts that are there, by age.' }),
      })
      .meta({ description: 'The person afterwards. A contact that would be new has no id yet.' }),
    newContact: z
      .object({
        email: z.string().nullable(),
        phoneNumber: z.string().nullable(),
        linkPrecedence: z.enum(['primary', 'secondary']),
      })
      .nullable()
      .meta({ description: 'The contact that would be added, or null.' }),
    movedContactIds: z
      .array(contactId)
      .meta({ description: 'Contacts that would come to point at another primary, oldest first.' }),
    refusal: z
      .object({
        reason: z.enum(['separation', 'email-limit', 'phone-limit']),
        otherPersonId: contactId
          .nullable()
          .meta({ description: 'The person that would not be joined; null where a value would not be added.' }),
        separationId: z.int().positive().nullable(),
      })
      .nullable()
      .meta({ description: 'Which rule refuses it, with the outcome `refused`; else null.' }),
  })
  .meta({ id: 'PreviewResponse', description: 'What identify would answer and do.' })
