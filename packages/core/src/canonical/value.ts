/** A canonical value, null where the input counts as absent, or a sentence that says what is wrong with the input. */
export type Canonical = { value: string | null } | { problem: string }

export const ABSENT: Canonical = { value: null }

const SHOWN_CHARACTERS = 40

/** How a message shows the value it found: as JSON, cut where it is long, with its type where that is the fault. */
export function show(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value.length > SHOWN_CHARACTERS ? `${value.slice(0, SHOWN_CHARACTERS)}…` : value)
    case 'number':
    case 'boolean':
      return `the ${typeof value} ${value}`
    case 'undefined':
      return 'nothing'
    default:
      return `an ${typeof value}`
  }
}
