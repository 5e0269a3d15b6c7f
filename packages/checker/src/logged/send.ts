import type { IdentityStore, Origin } from '@identity/core'
import { type Told, toldOfPreview } from '../corrected/call.ts'
import type { LoggedAsked } from './call.ts'

/** What of a store such calls need. */
export interface Asks extends Pick<IdentityStore, 'identify' | 'preview' | 'corrections'> {
  readonly rules: {
    separate(workspaceId: number, contactIds: readonly [number, number], origin: Origin): Promise<unknown>
  }
}

/**
 * Does what is asked for.
 * @param requestId by which the log tells what it has done
 * @throws Error for anything but a refusal
 */
export async function send(store: Asks, asked: LoggedAsked, requestId: string): Promise<Told> {
  try {
    return await ask(store, asked, { actor: null, requestId })
  } catch (error) {
    // By its code alone: an engine under test may have a class of its own.
    const { code, problems } = error as { code?: unknown; problems: ReadonlyArray<{ readonly detail: string }> }
    if (asked.type === 'undo' && code === 'conflict') {
      return { refused: code, obstacles: problems.map(({ detail }) => detail) }
    }
    if (code === 'conflict' || code === 'not_found' || code === 'identifier_blocked') return { refused: code }
    throw error
  }
}

async function ask(store: Asks, asked: LoggedAsked, origin: Origin): Promise<Told> {
  const { corrections } = store
  switch (asked.type) {
    case 'identify': {
      const [result] = await store.identify(1, [asked.request], origin)
      return { persons: [result!.person], outcomes: [result!.outcome] }
    }
    case 'identifyMany': {
      const results = await store.identify(1, asked.requests, origin)
      return { persons: results.map(({ person }) => person), outcomes: results.map(({ outcome }) => outcome) }
    }
    case 'preview':
      return toldOfPreview(await store.preview(1, asked.request))
    case 'split': {
      const { persons, separationId } = await corrections.split(1, asked, { origin })
      return { persons, isSeparated: separationId !== null }
    }
    case 'delete':
      return { persons: (await corrections.deleteContact(1, asked.contactId, { origin })).persons }
    case 'restore':
      return { persons: (await corrections.restoreContact(1, asked.contactId, { origin })).persons }
    case 'erase': {
      const query = { contactId: asked.contactId, reason: null }
      const { contactIds, identifierCount } = await corrections.erase(1, query, { origin })
      return { erasedIds: contactIds, identifierCount }
    }
    case 'undo':
      return { persons: (await corrections.undo(1, asked.eventId, { origin })).persons }
    case 'separate':
      await store.rules.separate(1, asked.contactIds, origin)
      return { persons: [], isSeparated: true }
  }
}
