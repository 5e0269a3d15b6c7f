import type { PersonView } from '@identity/core'
import type { OracleRequest } from '../oracle.ts'
import type { Timed } from '../search-order.ts'

/** What a caller asks for. */
export type Asked =
  | { readonly type: 'identify'; readonly request: OracleRequest }
  | { readonly type: 'split'; readonly contactIds: readonly number[]; readonly keepApart: boolean }
  | { readonly type: 'delete' | 'restore' | 'erase'; readonly contactId: number }

/** What it is told: the persons, one for identify; what is gone; or that it cannot be done. */
export type Told =
  | { readonly persons: readonly PersonView[]; readonly isSeparated?: boolean }
  | { readonly erasedIds: readonly number[]; readonly identifierCount: number }
  | { readonly refused: 'conflict' | 'not_found' }

/** One call as its caller saw it: identify, or a correction. */
export interface CorrectionCall extends Timed {
  readonly asked: Asked
  readonly told: Told
  /** Which process was called, for the reader. */
  readonly process: string
}

/** A call for people. */
export function storyOf({ asked, told, process }: CorrectionCall): string {
  return `${process}: ${sentenceOf(asked)} → ${answerOf(told)}`
}

function answerOf(told: Told): string {
  if ('refused' in told) return told.refused
  if ('erasedIds' in told) return `${told.erasedIds.join(' ')} and ${told.identifierCount} values are gone`
  const persons = told.persons.map(({ primaryContactId, secondaryContactIds, emails, phoneNumbers }) => {
    const ids = [primaryContactId, ...secondaryContactIds].join(' ← ')
    return `${ids} [${emails.join(' ')}] [${phoneNumbers.join(' ')}]`
  })
  return persons.join(' | ') || 'nobody'
}

function sentenceOf(asked: Asked): string {
  switch (asked.type) {
    case 'identify':
      return [asked.request.email, asked.request.phoneNumber].filter((value) => value !== null).join(' ')
    case 'split':
      return `split off ${asked.contactIds.join(' ')}${asked.keepApart ? ' and keep apart' : ''}`
    default:
      return `${asked.type} ${asked.contactId}`
  }
}
