import type { Told } from '../corrected/call.ts'
import { type LoggedAsked, type LoggedCall, story } from '../logged/call.ts'
import { nextAsked, type Seen } from '../logged/next-asked.ts'
import { send } from '../logged/send.ts'
import { callsOneByOne, callsThatCount } from '../logged/specification.ts'
import type { OracleRequest } from '../oracle.ts'
import { Random } from '../random.ts'
import { searchOrder } from '../search-order.ts'
import { bars } from '../timeline.ts'
import { checkInvariants } from './invariants.ts'
import { Scheduler } from './scheduler.ts'
import { withVirtualTime } from './virtual-time.ts'
import { type Step, World } from './world.ts'
import type { WorldOptions } from './world-options.ts'

const MAX_CALLERS = 4
const CALLS_EACH = 3
/** How often a caller looks which merges there are, so that they can be undone. */
const LOOKS = 0.4
const MAX_STEPS = 200_000

/** What one seed came to. */
export interface SimulatedCorrections {
  readonly history: readonly LoggedCall[]
  /** What is wrong, for people; null where every promise was kept. */
  readonly failure: string | null
}

/**
 * Runs one random history in which persons are corrected and kept apart beside identify, as `simulate` runs one of
 * identify alone. In the end, whoever has a value is asked for by it, the rows must agree with each other, and the events
 * must lead to the persons.
 */
export async function simulateCorrections(
  seed: number,
  options: WorldOptions = {},
): Promise<SimulatedCorrections> {
  const random = new Random(seed)
  const scheduler = new Scheduler(random)
  const world = new World(scheduler, { ...options, hasRules: true })
  const history: LoggedCall[] = []
  const seen: Seen = { persons: [], deleted: [], merges: [] }
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
  function* caller(): Iterable<Step<Told>> {
    for (let n = 0; n < CALLS_EACH; n++) {
      yield stepOf(nextAsked(random, seen))
      if (random.chance(LOOKS)) yield look
    }
  }
  return withVirtualTime(scheduler, async () => {
    try {
      await world.run(Array.from({ length: 2 + random.below(MAX_CALLERS - 1) }, caller))
      await world.run([valuesOf(history).map((request) => stepOf({ type: 'identify', request }))])
      await world.rest()
      checkInvariants(world.database, { clockMayGoBack: (options.clockSetBack ?? 0) > 0 })
      const events = await world.checkEvents()
      const order = searchOrder(callsThatCount(history, events), callsOneByOne(events), MAX_STEPS)
      return { history, failure: order ? null : described('no order of these calls explains their answers', history) }
    } catch (error) {
      return { history, failure: described(String(error), history) }
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

function described(failure: string, history: readonly LoggedCall[]): string {
  return `${failure}:\n\n${bars(history, story).join('\n')}`
}
