import type { Transport } from './load.ts'
import type { Target } from './target.ts'
import type { WorkloadName } from './workloads.ts'

/** What answers: a server, or a program that does a part of the work without one. */
export type ContestantKind = 'service' | 'bare' | 'constant' | 'peer' | 'engine' | 'round trip'

export interface ContestantPlan {
  kind: ContestantKind
  /** How the table names it. */
  name: string
  /** Known beforehand, where not as many as the scenario has. */
  customers?: number
  /** Connections that ask for the hot person meanwhile; they are not measured. */
  hotConnections?: number
  /** Contacts of persons who are merged, split, undone and erased meanwhile. */
  correctedContacts?: number
  /** Of the hot person, where not the usual 1,000. */
  hotContacts?: number
}

/** One row of what is to be known: a workload on several contestants, who take turns. */
export interface Scenario {
  name: string
  workload: WorkloadName
  /** `http` where nothing is said. */
  transport?: Transport
  connections: number
  customers: number
  /** The first is what the scenario is about. The last is what the others are measured by. */
  contestants: readonly ContestantPlan[]
  target?: Target
  /** Whether the first is measured at half of its peak, too. */
  halfLoad?: boolean
  /** Takes minutes and gigabytes for its seeding. */
  large?: boolean
}

const contestant = (kind: ContestantKind) => ({ kind, name: kind })
const [service, bare, constant, peer, engine, roundTrip] = (
  ['service', 'bare', 'constant', 'peer', 'engine', 'round trip'] as const
).map(contestant) as [ContestantPlan, ContestantPlan, ContestantPlan, ContestantPlan, ContestantPlan, ContestantPlan]

const usual = { connections: 128, customers: 10_000 }
const MANY = 10_000_000

/** What the service promises to reach. */
const TARGETS: readonly Scenario[] = [
  {
    ...usual,
    name: 'repeats',
    workload: 'repeats',
    contestants: [service, constant, engine, bare],
    target: { of: 'requests', atLeast: 0.55, aim: 0.75 },
    halfLoad: true,
  },
  {
    ...usual,
    name: 'mix',
    workload: 'mix',
    contestants: [service, engine, bare],
    target: { of: 'requests', atLeast: 0.42, aim: 0.6 },
    halfLoad: true,
  },
  {
    ...usual,
    name: 'newcomers',
    workload: 'newcomers',
    contestants: [service, engine, bare],
    target: { of: 'requests', atLeast: 0.28, aim: 0.4 },
    halfLoad: true,
  },
  {
    ...usual,
    name: 'trpc',
    workload: 'repeats',
    transport: 'trpc',
    contestants: [service, constant],
    target: { of: 'requests', atLeast: 0.85 },
  },
  {
    ...usual,
    name: 'peer',
    workload: 'mix',
    contestants: [service, peer],
    target: { of: 'requests', atLeast: 10 },
  },
  {
    ...usual,
    name: 'beside-hot',
    workload: 'mix',
    contestants: [
      { ...service, name: 'beside a hot person', hotConnections: 4 },
      { ...service, name: 'alone' },
    ],
    target: { of: 'requests', atLeast: 0.8 },
  },
  {
    ...usual,
    name: 'beside-hairball',
    workload: 'mix',
    contestants: [
      { ...service, name: 'beside a hairball', hotConnections: 4, hotContacts: 10_000 },
      { ...service, name: 'alone' },
    ],
    target: { of: 'requests', atLeast: 0.8 },
  },
  {
    ...usual,
    name: 'beside-corrections',
    workload: 'mix',
    contestants: [
      { ...service, name: 'beside corrections', correctedContacts: 10_000 },
      { ...service, name: 'alone' },
    ],
    target: { of: 'requests', atLeast: 0.8 },
  },
  {
    name: 'idle',
    workload: 'repeats',
    connections: 1,
    customers: 10_000,
    contestants: [service, constant, roundTrip],
    target: { of: 'latency', atMost: 1.3 },
  },
  {
    ...usual,
    name: 'growth',
    workload: 'mix',
    customers: MANY,
    contestants: [
      { ...service, name: '10,000,000 contacts' },
      { ...service, name: '100,000 contacts', customers: 100_000 },
    ],
    target: { of: 'requests', atLeast: 0.9 },
    large: true,
  },
  {
    name: 'memory',
    workload: 'mix',
    connections: 256,
    customers: MANY,
    contestants: [service],
    target: { of: 'memory', atMost: 300 },
    large: true,
  },
]

const SWEPT: ReadonlyArray<Pick<Scenario, 'name' | 'workload' | 'customers'>> = [
  { name: 'repeats', workload: 'repeats', customers: 10_000 },
  { name: 'repeats-1m', workload: 'repeats', customers: 1_000_000 },
  { name: 'newcomers', workload: 'newcomers', customers: 10_000 },
  { name: 'mix', workload: 'mix', customers: 10_000 },
  { name: 'hot', workload: 'hot', customers: 10_000 },
  { name: 'merges', workload: 'merges', customers: 10_000 },
]

/** Every workload from one connection to many. */
const SWEEP = SWEPT.flatMap((swept) =>
  [1, 16, 64, 256].map(
    (connections): Scenario => ({
      ...swept,
      name: `${swept.name}-${connections}`,
      connections,
      contestants: [service, bare],
    }),
  ),
)

export const SCENARIOS: readonly Scenario[] = [...TARGETS, ...SWEEP]

export interface Choice {
  /** By name; they come beside what the flags choose. */
  scenarios: readonly string[]
  all: boolean
  large: boolean
}

/** Without any choice: the targets that need no large seeding. */
export function chooseScenarios({ scenarios, all, large }: Choice): Scenario[] {
  const isNamed = ({ name }: Scenario) => scenarios.includes(name)
  const byDefault = scenarios.length === 0 && !large
  return SCENARIOS.filter(
    (scenario) => isNamed(scenario) || (scenario.large ? large : all || (byDefault && TARGETS.includes(scenario))),
  )
}
