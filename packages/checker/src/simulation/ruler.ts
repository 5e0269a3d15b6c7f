import { BlockList, type BlockRule, type KeptBlockRule, type RuleStore } from '@identity/core'
import { NO_RULES, type Rules } from '../corrected/specification.ts'
import type { RuleChanges } from '../logged/rule-changes.ts'
import type { Random } from '../random.ts'
import { pauseOf } from './pause.ts'
import type { Step } from './world.ts'

type Pattern = Pick<BlockRule, 'kind' | 'pattern'>

/** Of the values that callers send, some by each way to say which. */
const PATTERNS: readonly Pattern[] = [
  { kind: 'email', pattern: 'e0@1.example' },
  { kind: 'email', pattern: 'e1@*' },
  { kind: 'phone', pattern: '10' },
  { kind: 'phone', pattern: '11*' },
  { kind: 'phone', pattern: '*2' },
]
const MAX_BLOCK_RULES = 2
const LIMITS = [1, 2, null, null]
const PRIORITIES = ['email', 'phone'] as const
/** Between one look for rules that are to be applied and the next. */
const LONGEST_PAUSE_MS = 1_500

/** What is asked of the rules of a workspace, and what they are then. */
interface Change {
  readonly rules: Rules
  readonly blocking: readonly BlockRule[]
  ask(store: RuleStore): Promise<unknown>
}

/** Changes a workspace's rules, and has them applied, while others call; and keeps what that means for them. */
export class Ruler {
  readonly #random: Random
  readonly #changes: RuleChanges
  #rules: Rules = NO_RULES
  /** Those that the workspace has for certain: from the answer to whoever added them until somebody asks for their removal. */
  #blocking: readonly BlockRule[] = []

  constructor(random: Random, changes: RuleChanges) {
    this.#random = random
    this.#changes = changes
  }

  /** Those that are in force for certain. */
  get blocking(): readonly BlockRule[] {
    return this.#blocking
  }

  /**
   * So many changes, one after the other, each asked for until it is answered.
   * @param next what is asked for right after that
   */
  *change(count: number, next: () => Step<unknown>): Iterable<Step<unknown>> {
    for (let n = 0; n < count; n++) {
      const { rules, blocking, ask } = this.#nextChange()
      let isAnswered = false
      let isAsked = false
      const before = this.#blocking
      this.#blocking = before.filter((rule) => blocking.includes(rule))
      while (!isAnswered) {
        yield {
          send: ({ store }) => {
            if (!isAsked) this.#changes.note({ type: 'asked', rules })
            isAsked = true
            return ask(store.rules)
          },
          note: (told) => {
            isAnswered = told !== null
          },
        }
      }
      this.#changes.note({ type: 'answered' })
      this.#rules = rules
      this.#blocking = blocking
      yield next()
    }
  }

  /** Applies rules again and again, until nobody else does anything any more and none is left to apply. */
  *apply(isOver: () => boolean): Iterable<Step<unknown>> {
    for (;;) {
      let wasOver = false
      let certain: readonly BlockRule[] = []
      let outcome: unknown = null
      yield {
        send: (process) => {
          wasOver = isOver()
          certain = this.#blocking
          return process.applyBlocks()
        },
        note: (told) => {
          outcome = told
        },
      }
      const still = certain.filter((rule) => this.#blocking.includes(rule))
      if (outcome === 'done' && still.length > 0) this.#changes.note({ type: 'applied', blocked: new BlockList(still) })
      if (outcome === 'done' && wasOver) return
      yield pauseOf(this.#random, LONGEST_PAUSE_MS)
    }
  }

  #nextChange(): Change {
    const known = this.#blocking
    const kind = this.#random.next()
    if (kind < 0.3) return this.#limit()
    if (known.length > 0 && (kind < 0.6 || known.length === MAX_BLOCK_RULES)) return this.#unblock(this.#oneOf(known))
    const free = PATTERNS.filter(({ pattern }) => known.every((rule) => rule.pattern !== pattern))
    return this.#block(this.#oneOf(free))
  }

  #limit(): Change {
    const [email, phone] = [this.#oneOf(LIMITS), this.#oneOf(LIMITS)]
    const priority = this.#oneOf(PRIORITIES)
    return {
      rules: { ...this.#rules, limits: { email, phone }, priority },
      blocking: this.#blocking,
      ask: (store) => store.setPolicy(1, { maxEmails: email, maxPhoneNumbers: phone, refusalPriority: priority }),
    }
  }

  #block({ kind, pattern }: Pattern): Change {
    const added = { kind, pattern, id: null as number | null }
    const blocking = [...this.#blocking, added]
    return {
      rules: { ...this.#rules, ...blockingBy(blocking) },
      blocking,
      async ask(store) {
        const rule: KeptBlockRule = await store.addBlockRule(1, kind, pattern)
        added.id = rule.id
        return rule
      },
    }
  }

  #unblock(rule: BlockRule): Change {
    const blocking = this.#blocking.filter((other) => other !== rule)
    return {
      rules: { ...this.#rules, ...blockingBy(blocking) },
      blocking,
      ask: (store) => store.removeBlockRule(1, rule.id!),
    }
  }

  #oneOf<T>(all: readonly T[]): T {
    return all[this.#random.below(all.length)]!
  }
}

/** Some may be old enough to be applied, and others not. */
function blockingBy(rules: readonly BlockRule[]): Pick<Rules, 'blocked' | 'parts'> {
  const subsets: BlockRule[][] = []
  for (const rule of rules) subsets.push([rule], ...subsets.map((some) => [...some, rule]))
  return { blocked: rules.length > 0 ? new BlockList(rules) : null, parts: subsets.map((some) => new BlockList(some)) }
}
