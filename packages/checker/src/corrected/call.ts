import type { Outcome, PersonView, Preview, RefusalReason } from '@identity/core'
import type { OracleRequest } from '../oracle.ts'

/** What a caller asks for. */
export type Asked =
  | { readonly type: 'identify'; readonly request: OracleRequest }
  | { readonly type: 'identifyMany'; readonly requests: readonly OracleRequest[] }
  | { readonly type: 'preview'; readonly request: OracleRequest }
  | { readonly type: 'split'; readonly contactIds: readonly number[]; readonly keepApart: boolean }
  | { readonly type: 'delete' | 'restore' | 'erase'; readonly contactId: number }

/**
 * What it is told: the persons, one for each request; what identify would do; what is gone; or that it cannot be done. What is
 * optional is not told over every transport.
 */
export type Told =
  | { readonly persons: readonly PersonView[]; readonly isSeparated?: boolean; readonly outcomes?: readonly Outcome[] }
  | {
      readonly foreseen: Omit<Preview, 'refusal'>
      readonly reason: RefusalReason | null
      readonly otherId: number | null
    }
  | { readonly erasedIds: readonly number[]; readonly identifierCount: number }
  | {
      readonly refused: 'conflict' | 'not_found' | 'identifier_blocked'
      /** Of an undo: all that stands in the way. */
      readonly obstacles?: readonly string[]
    }

/** Without the id of a separation, which a specification does not know. */
export function toldOfPreview({ refusal, ...foreseen }: Preview): Told {
  return { foreseen, reason: refusal?.reason ?? null, otherId: refusal?.otherPersonId ?? null }
}

/** True where all that a caller was told is what was to be expected. */
export function isAsExpected(told: Told, expected: Told): boolean {
  const all = Object.entries(expected)
  return Object.entries(told).every(([key, value]) => {
    const found = all.find(([other]) => other === key)
    return found !== undefined && JSON.stringify(found[1]) === JSON.stringify(value)
  })
}

/** A call for people. */
export function storyOf({ asked, told, process }: { asked: Asked; told: Told; process: string }): string {
  return `${process}: ${sentenceOf(asked)} → ${answerOf(told)}`
}

function answerOf(told: Told): string {
  if ('refused' in told) return [told.refused, ...(told.obstacles ?? [])].join(': ')
  if ('foreseen' in told) {
    const { outcome, person } = told.foreseen
    return `would be ${[outcome, told.reason, 'for', person.primaryContactId ?? 'somebody new'].filter(Boolean).join(' ')}`
  }
  if ('erasedIds' in told) return `${told.erasedIds.join(' ')} and ${told.identifierCount} values are gone`
  const persons = told.persons.map(({ primaryContactId, secondaryContactIds, emails, phoneNumbers }) => {
    const ids = [primaryContactId, ...secondaryContactIds].join(' ← ')
    return `${ids} [${emails.join(' ')}] [${phoneNumbers.join(' ')}]`
  })
  return `${persons.join(' | ') || 'nobody'}${told.outcomes?.includes('refused') ? ', refused' : ''}`
}

function sentenceOf(asked: Asked): string {
  switch (asked.type) {
    case 'identify':
      return valuesOf(asked.request)
    case 'identifyMany':
      return asked.requests.map(valuesOf).join(' and ')
    case 'preview':
      return `preview ${valuesOf(asked.request)}`
    case 'split':
      return `split off ${asked.contactIds.join(' ')}${asked.keepApart ? ' and keep apart' : ''}`
    default:
      return `${asked.type} ${asked.contactId}`
  }
}

function valuesOf({ email, phoneNumber, createdAt }: OracleRequest): string {
  const values = [email, phoneNumber].filter((value) => value !== null).join(' ')
  return createdAt ? `${values} of ${createdAt.toISOString().slice(0, 10)}` : values
}
