import { type BlockPattern, blockPattern } from './block-pattern.ts'
import type { CanonicalOptions, CanonicalRequest } from './canonical/request.ts'
import { show } from './canonical/value.ts'
import { type FieldProblem, IdentityError } from './errors.ts'
import { type Identifier, type IdentifierKind, identifiersOf } from './identifier.ts'

/** Values that never link and count as absent: junk that many strangers give. */
export interface BlockRule {
  /** Null for a rule of the preset. */
  readonly id: number | null
  readonly kind: IdentifierKind
  /** A value, or with one `*` at either end: `*@example.com`, `0000*`. */
  readonly pattern: string
}

/** The rules that are about one kind of identifier. */
class KindRules {
  readonly #exact = new Map<string, BlockRule>()
  /** By the length of the text: one look-up for each length that occurs, however many the rules. */
  readonly #prefixes = new Map<number, Map<string, BlockRule>>()
  readonly #suffixes = new Map<number, Map<string, BlockRule>>()

  add(rule: BlockRule, { match, text }: BlockPattern): void {
    if (match === 'exact') this.#exact.set(text, rule)
    else {
      const byLength = match === 'prefix' ? this.#prefixes : this.#suffixes
      byLength.set(text.length, (byLength.get(text.length) ?? new Map<string, BlockRule>()).set(text, rule))
    }
  }

  ruleOf(value: string): BlockRule | undefined {
    const exact = this.#exact.get(value)
    if (exact) return exact
    for (const [length, rules] of this.#prefixes) {
      const rule = rules.get(value.slice(0, length))
      if (rule) return rule
    }
    for (const [length, rules] of this.#suffixes) {
      // The whole of a shorter value is shorter than the rule's text, and no match.
      const rule = rules.get(value.slice(-length))
      if (rule) return rule
    }
    return undefined
  }
}

/** Block rules made ready: the cost of a look-up grows with the different lengths of their patterns, not with them. */
export class BlockList {
  readonly #rules: Record<IdentifierKind, KindRules> = { email: new KindRules(), phone: new KindRules() }

  /** @throws IdentityError `invalid_request` for a pattern that is none */
  constructor(rules: readonly BlockRule[], options: CanonicalOptions = {}) {
    for (const rule of rules) this.#rules[rule.kind].add(rule, blockPattern(rule.kind, rule.pattern, options))
  }

  /** A rule that blocks the value, if any does: an exact one before a pattern. */
  ruleOf({ kind, value }: Identifier): BlockRule | undefined {
    return this.#rules[kind].ruleOf(value)
  }

  isBlocked = (identifier: Identifier): boolean => this.ruleOf(identifier) !== undefined
}

/**
 * The request as the rules see it: blocked values count as absent. The same object where none is blocked.
 * @throws IdentityError `identifier_blocked` where nothing usable remains
 */
export function withoutBlocked(request: CanonicalRequest, blocked: BlockList): CanonicalRequest {
  const met = identifiersOf(request).filter(blocked.isBlocked)
  if (met.length === 0) return request
  const isBlocked = (kind: IdentifierKind) => met.some((identifier) => identifier.kind === kind)
  const email = isBlocked('email') ? null : request.email
  const phoneNumber = isBlocked('phone') ? null : request.phoneNumber
  if (email === null && phoneNumber === null) throw nothingUsable(met, blocked)
  return { ...request, email, phoneNumber }
}

function nothingUsable(met: readonly Identifier[], blocked: BlockList): IdentityError {
  const problems = met.map((identifier): FieldProblem => {
    const field = identifier.kind === 'email' ? 'email' : 'phoneNumber'
    const { id, pattern } = blocked.ruleOf(identifier)!
    const rule = id === null ? `the preset's rule ${show(pattern)}` : `rule ${id} (${show(pattern)})`
    return { field, detail: `${field} ${show(identifier.value)} is blocked by ${rule}.` }
  })
  const found = problems.map(({ detail }) => detail).join(' ')
  const remedy = 'Nothing usable remains; send a value that is not blocked, or unblock this one.'
  return new IdentityError('identifier_blocked', `${found} ${remedy}`, { problems })
}
