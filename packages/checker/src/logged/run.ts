import type { IdentityStore, Inquiries, RecordedEvent } from '@identity/core'
import { NO_RULES, type Rules } from '../corrected/specification.ts'
import { Random } from '../random.ts'
import { PromiseBroken } from '../run-histories.ts'
import { searchOrder } from '../search-order.ts'
import { bars } from '../timeline.ts'
import { type LoggedAsked, type LoggedCall, requestsOf } from './call.ts'
import { nextMixed, type Seen } from './next-asked.ts'
import { inOrder, personsByComponents, personsNow, type Values } from './persons-of-then.ts'
import { RuleChanges, type RuleMark, storyOfStep } from './rule-changes.ts'
import { type Asks, send } from './send.ts'
import { callsOneByOne } from './specification.ts'
import { isBlockSplit } from './take-apart.ts'

const CALLERS = 3
const CALLS_EACH = 3
/** How often a caller looks which merges there were, so that they can be undone. */
const LOOKS = 0.4
/** Requests, all at once, after which the persons are those of before and what these have joined. */
const LAST_REQUESTS = 3
const MAX_STEPS = 200_000

/** What of a store is under test. */
export interface StoreUnderTest extends Asks, Pick<IdentityStore, 'find'> {
  readonly inquiries: Pick<Inquiries, 'history'>
}

export interface LoggedRunOptions {
  /** The processes under test, by name. */
  readonly stores: Readonly<Record<string, StoreUnderTest>>
  readonly seed: number
  /** Digits that set identifiers and requests apart from those of other runs on the database. @default none */
  readonly runId?: string
  readonly histories: number
  /** Histories at once. @default 16 */
  readonly concurrency?: number
  /** What the workspace refuses and blocks, from the start. @default nothing */
  readonly rules?: Rules
  /** The same as `rules.blocked`, said otherwise, of a value with its kind: `phone:123`. @default nothing is */
  readonly isBlocked?: (value: string) => boolean
  /**
   * Changes the rules while histories run, which go on until it is done. So many as are to run then begin after it.
   * @default nothing is changed
   */
  readonly meanwhile?: (changes: RuleChanges) => Promise<void>
  /** What a caller asks for next. @default nextMixed */
  readonly next?: (random: Random, seen: Seen, namespace: string) => LoggedAsked
  /** The whole log: asked for once all calls are done. */
  readonly events: () => Promise<readonly RecordedEvent[]>
}

/** One history, and what became of the persons. */
interface Done {
  readonly number: number
  readonly calls: readonly LoggedCall[]
  /** The persons before the last requests, or before all where nothing was corrected. */
  readonly before: readonly Values[]
  /** The calls since then. */
  readonly since: readonly LoggedCall[]
  readonly after: readonly Values[]
  /** When the persons before were looked up, or the first call was sent where nothing was corrected. */
  readonly lookedAt: number
  readonly endedAt: number
}

/**
 * Runs random histories in which callers identify and correct the same few persons at once, each history with identifiers
 * of its own, and checks that every one has an order that explains all answers, and that its last requests made of the
 * persons what a union-find makes of them.
 * @returns all calls
 * @throws PromiseBroken
 */
export async function runLoggedHistories(options: LoggedRunOptions): Promise<LoggedCall[]> {
  const { histories, concurrency = 16, rules = NO_RULES, meanwhile } = options
  const changes = new RuleChanges()
  const done: Done[] = []
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>()
  let isChanging = meanwhile !== undefined
  let [started, left] = [0, histories]
  const runSome = async () => {
    while (isChanging || left > 0) {
      if (!isChanging) left--
      done.push(await runHistory(started++, options))
      // By now every process has seen the rules of the start.
      if (done.length >= concurrency) begin()
    }
  }
  const changeRules = async () => {
    await begun
    await meanwhile!(changes).finally(() => {
      isChanging = false
    })
  }
  await Promise.all([...Array.from({ length: concurrency }, runSome), isChanging && changeRules()])
  changes.note({ type: 'end' })
  check(done, changes, await options.events(), { ...options, rules })
  return done.flatMap(({ calls }) => calls)
}

/** @throws PromiseBroken */
function check(
  done: readonly Done[],
  changes: RuleChanges,
  events: readonly RecordedEvent[],
  options: LoggedRunOptions & { readonly rules: Rules },
): void {
  const { rules, isBlocked = () => false } = options
  const eventsOf = byHistory(events)
  for (const { number, calls, before, since, after, lookedAt, endedAt } of done) {
    const steps = [...calls, ...changes.marks]
    const specification = callsOneByOne(eventsOf.get(namespaceOf(options, number)) ?? [], rules)
    if (!searchOrder(steps, specification, MAX_STEPS)) {
      throw broken(options, number, 'no order of these calls explains their answers', steps)
    }
    const met = changes.inForceBetween({ rules: [rules], isBeingApplied: false }, lookedAt, endedAt)
    const blockLists = new Set(met.flatMap((inForce) => inForce.rules.map(({ blocked }) => blocked)))
    // Who is linked by what, while that changes, only an order can say.
    if (blockLists.size > 1 || met.some(({ isBeingApplied }) => isBeingApplied)) continue
    const expected = personsByComponents(before, since, (value) => !blockLists.has(null) && isBlocked(value))
    if (JSON.stringify(inOrder(after)) === JSON.stringify(expected)) continue
    const what = `from the persons ${shown(before)} and the requests since come ${shown(expected)}, not ${shown(after)}`
    throw broken(options, number, what, steps)
  }
}

/** Sets the identifiers of a history apart from those of all others. */
function namespaceOf({ runId = '' }: LoggedRunOptions, number: number): string {
  return `${runId}${String(number).padStart(7, '0')}`
}

/** The events of each history by its namespace: those that its calls have written, and what block rules did to its contacts. */
function byHistory(events: readonly RecordedEvent[]): ReadonlyMap<string, RecordedEvent[]> {
  const historyOf = new Map<number, string>()
  return Map.groupBy(events, (event) => {
    const history =
      event.requestId?.split('-')[1] ?? (isBlockSplit(event) ? historyOf.get(event.newPersonId) : undefined)
    if (history !== undefined && 'contactId' in event && event.contactId !== null)
      historyOf.set(event.contactId, history)
    return history ?? 'none'
  })
}

/** Two calls that make somebody to correct, one after the other, then all callers at once, then some requests at once. */
async function runHistory(number: number, options: LoggedRunOptions): Promise<Done> {
  const { stores, seed, next = nextMixed } = options
  const random = new Random(seed + number)
  const namespace = namespaceOf(options, number)
  const names = Object.keys(stores)
  const nameOf = (n: number) => names[(number + n) % names.length]!
  const calls: LoggedCall[] = []
  const seen: Seen = { persons: [], deleted: [], merges: [] }
  let sent = 0
  const failed = (doing: string) => (error: unknown) => {
    throw broken(options, number, `${doing} failed: ${error}`, calls, error)
  }
  const call = async (asked: LoggedAsked, process: string) => {
    // With letters, as a server takes no other.
    const requestId = `history-${namespace}-${sent++}`
    const startedAt = performance.now()
    const told = await send(stores[process]!, asked, requestId).catch(
      failed(`${process}, asked to ${JSON.stringify(asked)},`),
    )
    calls.push({ asked, told, requestId, startedAt, endedAt: performance.now(), process })
    if (!('persons' in told)) return
    seen.persons.push(...told.persons)
    if (asked.type === 'delete') seen.deleted.push(asked.contactId)
  }
  const look = (process: string) => personsNow(stores[process]!, calls).catch(failed(`${process}, asked for persons,`))
  const startedAt = performance.now()
  for (let n = 0; n < 2; n++) {
    const request = { email: `e0@${namespace}.example`, phoneNumber: `${namespace}${n}` }
    await call({ type: 'identify', request }, nameOf(n))
  }
  const callers = Array.from({ length: CALLERS }, async (_, caller) => {
    for (let n = 0; n < CALLS_EACH; n++) {
      if (random.chance(LOOKS)) await learnMerges(stores[nameOf(caller)]!, seen).catch(failed('to look for merges'))
      await call(next(random, seen, namespace), nameOf(caller))
    }
  })
  await Promise.all(callers)

  const isCorrected = calls.some(({ asked }) => requestsOf(asked).length === 0)
  const lookedAt = isCorrected ? performance.now() : startedAt
  const before = isCorrected ? await look(nameOf(0)) : []
  const first = isCorrected ? calls.length : 0
  const requests = Array.from({ length: LAST_REQUESTS }, () => nextRequest(() => next(random, seen, namespace)))
  await Promise.all(requests.map((asked, n) => call(asked, nameOf(n))))
  const after = await look(nameOf(1))
  return { number, calls, before, since: calls.slice(first), after, lookedAt, endedAt: performance.now() }
}

/** The merges that the person told of last has been through. */
async function learnMerges({ inquiries }: StoreUnderTest, seen: Seen): Promise<void> {
  const person = seen.persons.at(-1)!
  const events = await inquiries.history(1, person.primaryContactId, { limit: 1_000 })
  const merges = events.filter(({ id, type }) => type === 'persons.merged' && !seen.merges.includes(id))
  seen.merges.push(...merges.map(({ id }) => id))
}

function nextRequest(next: () => LoggedAsked): LoggedAsked {
  for (;;) {
    const asked = next()
    if (asked.type === 'identify') return asked
  }
}

function broken(
  { seed }: LoggedRunOptions,
  number: number,
  what: string,
  steps: ReadonlyArray<LoggedCall | RuleMark>,
  cause?: unknown,
): PromiseBroken {
  const shown = steps.filter((step) => !('mark' in step) || step.mark.type !== 'end')
  const lines = bars(shown, storyOfStep).join('\n')
  return new PromiseBroken(`seed ${seed}, history ${number}: ${what}:\n\n${lines}`, { cause })
}

function shown(persons: readonly Values[]): string {
  return persons.map((values) => `[${values.join(' ')}]`).join(' ') || 'nobody'
}
