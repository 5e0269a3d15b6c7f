import type { Contact } from '@identity/core'

function row(id: number, phoneNumber: string, email: string, linkedId: number | null, createdAt: string): Contact {
  const at = new Date(createdAt)
  const linkPrecedence = linkedId === null ? 'primary' : 'secondary'
  return { id, phoneNumber, email, linkedId, linkPrecedence, createdAt: at, updatedAt: at, deletedAt: null }
}

/** The table that the task's author documented for the first two examples. */
export const HILL_VALLEY: readonly Contact[] = [
  row(1, '123456', 'lorraine@hillvalley.edu', null, '2023-04-01T00:00:00.374Z'),
  row(23, '123456', 'mcfly@hillvalley.edu', 1, '2023-04-20T05:30:00.110Z'),
]

/** The table of the third example. */
export const TWO_PRIMARIES: readonly Contact[] = [
  row(11, '919191', 'george@hillvalley.edu', null, '2023-04-11T00:00:00.374Z'),
  row(27, '717171', 'biffsucks@hillvalley.edu', null, '2023-04-21T05:30:00.110Z'),
]
