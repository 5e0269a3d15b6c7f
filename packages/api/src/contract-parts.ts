import { show } from '@identity/core'
import { z } from 'zod'

/** How the contract says that a field holds something else. */
export const expected = (what: string) => (issue: { input?: unknown }) => `must be ${what}; found ${show(issue.input)}.`

export const positiveWholeNumber = { error: expected('a positive whole number') }

export const contactId = z.int(positiveWholeNumber).positive(positiveWholeNumber)
