/** On a distributed PostgreSQL each node draws ids from a range of its own, of this size; only one's own counts. */
const NODE_RANGE = 2 ** 48

/** True when rows were put in by hand with ids that the sequence has not come to. */
export function isBehind([firstId]: readonly number[], highestId: number): boolean {
  if (firstId === undefined || firstId > highestId) return false
  return Math.floor(firstId / NODE_RANGE) === Math.floor(highestId / NODE_RANGE)
}
