import type { Origin } from '@identity/core'
import type { PostgresStore } from '@identity/core/postgres'
import type { Told } from '../corrected/call.ts'
import type { LoggedAsked } from '../logged/call.ts'

/**
 * Does what is asked for.
 * @param requestId by which the log tells what it has done
 * @throws Error for anything but a refusal
 */
export async function send(store: PostgresStore, asked: LoggedAsked, requestId: string): Promise<Told> {
  try {
    return await ask(store, asked, { actor: null, requestId })
  } catch (error) {
    // By its code alone: an engine under test may have a class of its own.
    const { code } = error as { code?: unknown }
    if (code === 'conflict' || code === 'not_found') return { refused: code }
    throw error
  }
}

async function ask(store: PostgresStore, asked: LoggedAsked, origin: Origin): Promise<Told> {
  const { corrections } = store
  switch (asked.type) {
    case 'identify': {
      const [result] = await store.identify(1, [asked.request], origin)
      return { persons: [result!.person] }
    }
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
