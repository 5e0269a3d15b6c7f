import type { RawRequest } from './request.ts'

/** From 0 to 1, the same again for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), 1 | state)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }
}

const TOKENS = [
  '"',
  '\\',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '\0',
  '\n',
  '\\u0000',
  '\\ud800',
  '\\udfff',
  '1e999',
  '-',
  '0',
  '9'.repeat(400),
  'null',
  'true',
  '"__proto__":',
  '"json":',
  '"meta":',
  '"values":',
  '\xff',
  '\xc3',
  '\xed\xa0\x80',
  '\ufeff',
  ' '.repeat(64),
  '['.repeat(2_000),
]

/** The bytes with one to eight small changes: a bit, a byte, a token, a piece that is gone, doubled or moved. */
export function mutated(bytes: Buffer, random: () => number): Buffer {
  let result = bytes
  const below = (limit: number) => Math.floor(random() * limit)
  for (let left = 1 + below(8); left > 0; left--) {
    const at = below(result.length + 1)
    const [before, after] = [result.subarray(0, at), result.subarray(at)]
    const piece = after.subarray(0, 1 + below(16))
    const token = Buffer.from(TOKENS[below(TOKENS.length)]!, 'latin1')
    switch (below(6)) {
      case 0: {
        result = Buffer.from(result)
        if (at < result.length) result[at] = result[at]! ^ (1 << below(8))
        break
      }
      case 1:
        result = Buffer.concat([before, Buffer.of(below(256)), after.subarray(1)])
        break
      case 2:
        result = Buffer.concat([before, token, after])
        break
      case 3:
        result = Buffer.concat([before, after.subarray(piece.length)])
        break
      case 4:
        result = Buffer.concat([before, piece, after])
        break
      case 5:
        result = Buffer.concat([after, before])
    }
  }
  return result
}

/** Mutates what is in the request and leaves its frame: the body, or the path, of what HTTP allows in one. */
export function mutatedWithin(request: RawRequest, random: () => number): RawRequest {
  if (request.body && random() < 0.8) return { ...request, body: mutated(request.body, random) }
  const path = mutated(Buffer.from(request.path), random).toString('latin1')
  return { ...request, path: `/${path.replace(/[^\x21-\x7e]/g, '%').slice(0, 8_000)}` }
}
