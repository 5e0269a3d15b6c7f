/** Things and their ids, as a sentence has them: `contact 4`, `contacts 4, 5 and 6`. */
export function listOf(noun: string, ids: Iterable<number>): string {
  const shown = [...ids].map(String)
  const last = shown.pop()!
  return shown.length === 0 ? `${noun} ${last}` : `${noun}s ${shown.join(', ')} and ${last}`
}
