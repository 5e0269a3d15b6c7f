import type { PersonView } from '@identity/core'
import type { Call, Verdict } from './call.ts'
import type { LinearizeOptions } from './linearize.ts'
import type { OracleRequest } from './oracle.ts'
import { type Plan, randomPlan, type Step } from './plan.ts'
import { Random } from './random.ts'
import { describeViolation } from './timeline.ts'
import { findViolation } from './violation.ts'

/** Sends one request to one of the processes under test. */
export type Send = (request: OracleRequest) => Promise<PersonView>

export interface RunOptions extends LinearizeOptions {
  /** The processes under test, by name. */
  readonly processes: Readonly<Record<string, Send>>
  /** Keeps two contacts apart, by one of the processes. @default never done */
  readonly keepApart?: (contactIds: readonly [number, number]) => Promise<Verdict>
  readonly seed: number
  /** Called before each history; the run ends where it says so. */
  readonly goesOn: (historiesDone: number) => boolean
  /** Histories at once. @default 16 */
  readonly concurrency?: number
  /** True where calls may fail, as while servers are killed. What such a call did is unknown. @default false */
  readonly mayFail?: boolean
  /**
   * True to ask, after all, for every value that was sent, and to check each history again with what is answered then:
   * so nothing that was acknowledged can have got lost since. @default false
   */
  readonly asksAgain?: boolean
}

/** The promise is broken; the message shows by which calls. */
export class PromiseBroken extends Error {}

/**
 * Runs random overlapping histories until told to stop, many at once and each with identifiers of its own, and checks
 * every one.
 * @returns how many histories and calls were checked
 * @throws PromiseBroken
 */
export async function runHistories(options: RunOptions): Promise<{ histories: number; calls: number }> {
  const { seed, goesOn, concurrency = 16, asksAgain = false } = options
  const runId = newRunId(seed)
  let started = 0
  let calls = 0
  const kept: Array<[number: number, history: Call[]]> = []
  const check = (history: Call[], number: number) => {
    const violation = findViolation(history, options)
    if (violation) throw new PromiseBroken(`seed ${seed}, history ${number}: ${describeViolation(violation)}`)
  }
  const runSome = async () => {
    while (goesOn(started)) {
      const number = started++
      const namespace = `${runId}${String(number).padStart(7, '0')}`
      const plan = randomPlan(new Random(seed + number), namespace, { keepsApart: options.keepApart !== undefined })
      const history = await runPlan(plan, number, options)
      calls += history.length
      check(history, number)
      if (asksAgain) kept.push([number, history])
    }
  }
  const askAgain = async () => {
    for (let next = kept.pop(); next; next = kept.pop()) {
      const [number, history] = next
      const afterwards = await runPlan([everyValueOf(history)], number, { ...options, mayFail: false })
      check([...history, ...afterwards], number)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, runSome))
  await Promise.all(Array.from({ length: concurrency }, askAgain))
  return { histories: started, calls }
}

/** Digits, as phones have nothing else, by which runs on one database do not meet. */
export function newRunId(seed: number): string {
  return String(new Random(seed ^ Date.now()).below(1e8)).padStart(8, '0')
}

function everyValueOf(history: readonly Call[]): OracleRequest[] {
  const emails = new Set(history.flatMap(({ request }) => request.email ?? []))
  const phones = new Set(history.flatMap(({ request }) => request.phoneNumber ?? []))
  return [
    ...[...emails].map((email) => ({ email, phoneNumber: null })),
    ...[...phones].map((phoneNumber) => ({ email: null, phoneNumber })),
  ]
}

async function runPlan(plan: Plan, number: number, options: RunOptions): Promise<Call[]> {
  const { processes, keepApart, mayFail = false } = options
  const names = Object.keys(processes)
  const callers = plan.map(async (steps, caller) => {
    const process = names[(number + caller) % names.length]!
    const calls: Call[] = []
    async function call<T extends Call['answer']>(
      { email, phoneNumber, createdAt }: Step,
      send: () => Promise<T>,
      separates?: Call['separates'],
    ): Promise<T | null> {
      const startedAt = performance.now()
      const answer = await send().catch((error: unknown) => {
        if (mayFail) return null
        throw new PromiseBroken(`a call of history ${number} to ${process} failed: ${error}`, { cause: error })
      })
      const endedAt = answer ? performance.now() : Number.POSITIVE_INFINITY
      calls.push({ request: { email, phoneNumber, createdAt }, separates, answer, startedAt, endedAt, process })
      return answer
    }
    const identify = (request: OracleRequest) => call(request, () => processes[process]!(request))
    for (const step of steps) {
      if (!step.keepsApart || !keepApart) await identify(step)
      else {
        const one = await identify({ email: step.email, phoneNumber: null })
        const other = await identify({ email: null, phoneNumber: step.phoneNumber })
        if (!one || !other || one.primaryContactId === other.primaryContactId) continue
        const pair = [one.primaryContactId, other.primaryContactId] as const
        await call(step, () => keepApart(pair), pair)
      }
    }
    return calls
  })
  return (await Promise.all(callers)).flat()
}
