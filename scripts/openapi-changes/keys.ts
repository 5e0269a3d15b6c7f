export interface KeyCases<T, Found> {
  removed(key: string, before: T): Iterable<Found>
  added(key: string, after: T): Iterable<Found>
  kept(key: string, before: T, after: T): Iterable<Found>
}

/** Goes through the keys of two records, those of the first one first. */
export function* compareKeys<T, Found>(
  before: Readonly<Record<string, T>> = {},
  after: Readonly<Record<string, T>> = {},
  cases: KeyCases<T, Found>,
): Generator<Found> {
  for (const [key, value] of Object.entries(before)) {
    yield* Object.hasOwn(after, key) ? cases.kept(key, value, after[key]!) : cases.removed(key, value)
  }
  for (const [key, value] of Object.entries(after)) {
    if (!Object.hasOwn(before, key)) yield* cases.added(key, value)
  }
}
