import { type Cluster, type Database, openDatabase } from './database.ts'
import { ENGINE, ROUND_TRIP } from './generators/node-generator.ts'
import type { LoadGenerator } from './load.ts'
import type { Options } from './options.ts'
import { customerBody, HOT_CONTACTS, hotBody } from './request-stream.ts'
import type { ContestantKind, ContestantPlan, Scenario } from './scenarios.ts'
import type { Seeds } from './seed.ts'
import { type ServerUnderLoad, startUnderLoad } from './server-under-load.ts'

/** Who is measured: a server with a database of its own, or one of the two alone. Use with `await using`. */
export interface Contestant extends AsyncDisposable {
  readonly plan: ContestantPlan
  readonly customers: number
  readonly url: string
  readonly server?: ServerUnderLoad | undefined
  readonly database?: Database | undefined
  /** What sends the requests. */
  readonly generator: LoadGenerator
}

/** Without a server between, a program of the benchmark's calls and measures. */
const OWN_GENERATORS: Partial<Record<ContestantKind, LoadGenerator>> = { engine: ENGINE, 'round trip': ROUND_TRIP }
const WITHOUT_DATABASE: readonly ContestantKind[] = ['bare', 'constant']

export interface Surroundings {
  cluster: Cluster
  seeds: Seeds
  /** For servers. */
  generator: LoadGenerator
  options: Options
  signal: AbortSignal
  report: (line: string) => void
}

/** Starts what a scenario needs, in its order. Use with `await using`. */
export async function startContestants(scenario: Scenario, surroundings: Surroundings) {
  await using started = new AsyncDisposableStack()
  const contestants: Contestant[] = []
  let answer: string | undefined
  for (const plan of scenario.contestants) {
    surroundings.signal.throwIfAborted()
    const contestant = started.use(await startContestant(plan, scenario, surroundings, answer))
    contestants.push(contestant)
    // The constants have the size of a real answer: that of the first contestant, which is the service.
    answer ??= await answerOf(contestant, scenario)
  }
  const running = started.move()
  return { contestants, [Symbol.asyncDispose]: () => running.disposeAsync() }
}

async function startContestant(
  plan: ContestantPlan,
  scenario: Scenario,
  { cluster, seeds, generator, options, signal, report }: Surroundings,
  answer: string | undefined,
): Promise<Contestant> {
  await using started = new AsyncDisposableStack()
  const customers = plan.customers ?? options.customers ?? scenario.customers
  const { hotContacts = HOT_CONTACTS } = plan
  const schema = plan.kind === 'peer' ? 'peer' : 'service'
  const database = WITHOUT_DATABASE.includes(plan.kind)
    ? undefined
    : started.use(
        await openDatabase(cluster, await seeds.copy(schema, { customers, hotContacts }, signal, report), schema),
      )
  const ownGenerator = OWN_GENERATORS[plan.kind]
  const server = ownGenerator
    ? undefined
    : started.use(
        await startUnderLoad(plan.kind as Exclude<ContestantKind, 'engine' | 'round trip'>, {
          databaseUrl: database?.url,
          answer,
          cpuProfile: options.cpuProfile,
        }),
      )
  const running = started.move()
  return {
    plan,
    customers,
    url: server?.url ?? database!.url,
    server,
    database,
    generator: ownGenerator ?? generator,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

/** What the service says to a request of the scenario's kind. */
async function answerOf({ url, customers }: Contestant, { workload }: Scenario): Promise<string> {
  const response = await fetch(`${url}/identify`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: workload === 'hot' ? hotBody(0) : customerBody(customers - 1),
  })
  const answer = await response.text()
  // Nothing is measured on data that are not what the streams ask for.
  if (!response.ok || !answer.includes('"primaryContactId"')) throw new Error(`the seeding went wrong: ${answer}`)
  return answer
}
