import type { Told } from '../corrected/call.ts'
import type { LoggedAsked, LoggedCall } from '../logged/call.ts'
import { nextAsked, type Seen } from '../logged/next-asked.ts'
import { RuleChanges, type RuleMark, storyOfStep } from '../logged/rule-changes.ts'
import { send } from '../logged/send.ts'
import { callsOneByOne, callsThatCount } from '../logged/specification.ts'
import type { OracleRequest } from '../oracle.ts'
import { randomRequest } from '../plan.ts'
import { Random } from '../random.ts'
import { searchOrder } from '../search-order.ts'
import { bars } from '../timeline.ts'
import { checkApplied, checkInvariants, checkRefusals } from './invariants.ts'
import { pauseOf } from './pause.ts'
import { Ruler } from './ruler.ts'
import { Scheduler } from './scheduler.ts'
import { withVirtualTime } from './virtual-time.ts'
import { type Step, World } from './world.ts'
import type { WorldOptions } from './world-options.ts'

const MAX_CALLERS = 4
const CALLS_EACH = 3
/** How often a caller looks which merges there are, so that they can be undone. */
const LOOKS = 0.4
const MAX_STEPS = 200_000
/** Beside the corrections, where rules refuse and block. */
const REQUESTS = 0.6
const FIRST_REQUESTS = 4
/** Between the calls of one caller while rules change, which takes a second, as does the wait before they are applied. */
const LONGEST_PAUSE_MS = 3_000

export interface CorrectionSimulationOptions extends WorldOptions {
  /** Whether limits and block rules are set, changed and applied meanwhile. @default false */
  rulesChange?: boolean
}

/** What one seed came to. */
export interface SimulatedCorrections {
  readonly history: readonly LoggedCall[]
  /** What is wrong, for people; null where every promise was kept. */
  readonly failure: string | null
}

/**
 * Runs one random history in which persons are corrected and kept apart beside identify, as `simulate` runs one of
 * identify alone. In the end, whoever has a value is asked for by it, the rows must agree with each other, and the events
 * must lead to the persons. Where rules change, nobody may be linked by what is blocked then, and refusals are counted.
 */
export async function simulateCorrections(
  seed: number,
  { rulesChange = false, ...options }: CorrectionSimulationOptions = {},
): Promise<SimulatedCorrections> {
  const random = new Random(seed)
  const scheduler = new Scheduler(random)
  const world = new World(scheduler, { ...options, hasRules: true })
  const history: LoggedCall[] = []
  const seen: Seen = { persons: [], deleted: [], merges: [] }
  const changes = new RuleChanges(() => scheduler.steps)
  const ruler = new Ruler(random, changes)
  let sent = 0
  const stepOf = (asked: LoggedAsked): Step<Told> => {
    const requestId = String(++sent)
    return {
      send: ({ store }) => send(store, asked, requestId),
      note(told, call) {
        history.push({ asked, told, requestId, ...call })
        if (!told || !('persons' in told)) return
        seen.persons.push(...told.persons)
        if (asked.type === 'delete') seen.deleted.push(asked.contactId)
      },
    }
  }
  /** No call of the history: which merges there are. */
  const look: Step<Told> = {
    async send({ store }) {
      const events = await store.events(1, { limit: 1_000 })
      seen.merges.push(...events.filter(({ type }) => type === 'persons.merged').map(({ id }) => id))
      return { persons: [] }
    },
    note() {},
  }
  function* caller(): Iterable<Step<unknown>> {
    for (let n = 0; n < CALLS_EACH; n++) {
      if (rulesChange) yield pauseOf(random, LONGEST_PAUSE_MS)
      yield stepOf(rulesChange && random.chance(REQUESTS) ? anyRequest(random) : nextAsked(random, seen))
      if (random.chance(LOOKS)) yield look
    }
  }
  const nextRequest = () => stepOf(anyRequest(random))
  /** So that there is somebody to come apart. */
  function* firstRequests(): Iterable<Step<unknown>> {
    for (let n = 0; n < FIRST_REQUESTS; n++) yield nextRequest()
  }
  let busy = 0
  /** Callers, counted as long as they have something to do. */
  function* counted(steps: Iterable<Step<unknown>>): Iterable<Step<unknown>> {
    busy++
    yield* steps
    busy--
  }
  const callAll = async () => {
    const callers = Array.from({ length: 2 + random.below(MAX_CALLERS - 1) }, caller)
    if (!rulesChange) return world.run(callers)
    world.database.hasCodePointOrder = random.chance(0.5)
    await world.run([firstRequests()])
    await world.run([ruler.change(random.below(2), nextRequest)])
    changes.note({ type: 'application begins' })
    const all = [...callers, ruler.change(1 + random.below(3), nextRequest)].map(counted)
    const appliers = Array.from({ length: 1 + random.below(2) }, () => ruler.apply(() => busy === 0))
    await world.run([...all, ...appliers])
    changes.note({ type: 'application ends' })
    checkApplied(world.database, ruler.blocking)
  }
  return withVirtualTime(scheduler, async () => {
    try {
      await callAll()
      await world.run([valuesOf(history).map((request) => stepOf({ type: 'identify', request }))])
      await world.rest()
      checkInvariants(world.database, { clockMayGoBack: (options.clockSetBack ?? 0) > 0 })
      const events = await world.checkEvents()
      changes.note({ type: 'end' })
      if (!options.crashes) checkRefusals(world.database, history)
      const steps = [...callsThatCount(history, events), ...changes.marks]
      const order = searchOrder(steps, callsOneByOne(events), MAX_STEPS)
      return { history, failure: order ? null : described('no order of these calls explains their answers', steps) }
    } catch (error) {
      return { history, failure: described(String(error), [...history, ...changes.marks]) }
    }
  })
}

/** Every value that was sent, each by itself. */
function valuesOf(history: readonly LoggedCall[]): OracleRequest[] {
  const sent = history.flatMap(({ asked }) => (asked.type === 'identify' ? asked.request : []))
  const emails = new Set(sent.flatMap(({ email }) => email ?? []))
  const phones = new Set(sent.flatMap(({ phoneNumber }) => phoneNumber ?? []))
  return [
    ...[...emails].map((email) => ({ email, phoneNumber: null })),
    ...[...phones].map((phoneNumber) => ({ email: null, phoneNumber })),
  ]
}

function anyRequest(random: Random): LoggedAsked {
  return { type: 'identify', request: randomRequest(random, '1', 3) }
}

function described(failure: string, steps: ReadonlyArray<LoggedCall | RuleMark>): string {
  return `${failure}:\n\n${bars(steps, storyOfStep).join('\n')}`
}
