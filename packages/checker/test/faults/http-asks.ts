import type { IdentifyResponse } from '@identity/api'
import type { EraseResult, SplitResult } from '@identity/core'
import type { Told } from '../../src/corrected/call.ts'
import type { LoggedAsked } from '../../src/logged/call.ts'

const REFUSALS: Readonly<Record<number, 'conflict' | 'not_found'>> = { 404: 'not_found', 409: 'conflict' }

/** What the operations answer with, each with some of it. */
type Answers = IdentifyResponse & SplitResult & EraseResult

/**
 * Asks a server over plain HTTP.
 * @param requestId by which the log tells what it has done
 * @throws Error where no answer comes, or none that tells whether it was done
 */
export async function askOverHttp(url: string, asked: LoggedAsked, requestId: string): Promise<Told> {
  const [path, body] = requestOf(asked)
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-request-id': requestId },
    body: JSON.stringify(body),
  })
  const answer = (await response.json()) as Answers
  const refused = REFUSALS[response.status]
  if (refused) return { refused }
  if (response.status !== 200) throw new Error(`status ${response.status}: ${JSON.stringify(answer)}`)
  switch (asked.type) {
    case 'identify':
      return { persons: [answer.contact] }
    case 'split':
      return { persons: answer.persons, isSeparated: answer.separationId !== null }
    case 'erase':
      return { erasedIds: answer.contactIds, identifierCount: answer.identifierCount }
    default:
      return { persons: answer.persons }
  }
}

function requestOf(asked: LoggedAsked): readonly [path: string, body: unknown] {
  switch (asked.type) {
    case 'identify':
      return ['/identify', asked.request]
    case 'split':
      return ['/persons/split', { contactIds: asked.contactIds, keepApart: asked.keepApart }]
    case 'undo':
      return ['/merges/undo', { eventId: asked.eventId }]
    case 'delete':
    case 'restore':
      return [`/contacts/${asked.type}`, { contactId: asked.contactId }]
    case 'erase':
      return ['/persons/erase', { contactId: asked.contactId }]
    case 'identifyMany':
    case 'preview':
    case 'separate':
      throw new Error(`no history asks plain HTTP for ${asked.type}`)
  }
}
