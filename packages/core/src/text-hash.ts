/*
 * FNV-1a over a text's code units, from a start that each process draws: nobody can make up values which all have one
 * hash.
 */

const FNV_PRIME = 0x01000193

/** The hash of no text. */
export const EMPTY_HASH = Math.floor(Math.random() * 2 ** 31)

/** The hash of a text and one code unit more, 32 bits. */
export function withCode(hash: number, code: number): number {
  return Math.imul(hash ^ code, FNV_PRIME)
}
