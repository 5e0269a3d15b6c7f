/** One difference between two OpenAPI documents, in words for those who call the API. */
export interface Change {
  readonly breaking: boolean
  /** From the operation inwards: `POST /identify › response 200 › contact.emails`. */
  readonly where: string
  readonly what: string
}

/** Puts changes of a part where that part stands. */
export function* under(place: string, changes: Iterable<Change>): Generator<Change> {
  for (const change of changes) yield { ...change, where: change.where ? `${place} › ${change.where}` : place }
}

export function breaking(what: string): Change {
  return { breaking: true, where: '', what }
}

export function compatible(what: string): Change {
  return { breaking: false, where: '', what }
}
