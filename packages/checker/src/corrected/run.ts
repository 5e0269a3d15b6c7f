import type { Corrected, EraseResult, IdentityStore, SplitResult } from '@identity/core'
import { Random } from '../random.ts'
import { PromiseBroken } from '../run-histories.ts'
import { searchOrder } from '../search-order.ts'
import { bars } from '../timeline.ts'
import { type Asked, type CorrectionCall, storyOf, type Told } from './call.ts'
import { correctionsOneByOne } from './specification.ts'
import { nextAsked, type Seen } from './step.ts'

const CALLERS = 3
const CALLS_EACH = 3
const MAX_STEPS = 200_000

export interface CorrectedRunOptions {
  /** The processes under test, by name. */
  readonly stores: Readonly<Record<string, Pick<IdentityStore, 'identify' | 'corrections'>>>
  readonly seed: number
  readonly histories: number
  /** Histories at once. @default 16 */
  readonly concurrency?: number
  /** When every contact was made, erased ones too, by id: asked for once all calls are done. */
  readonly createdAt: () => Promise<ReadonlyMap<number, Date>>
}

/**
 * Runs random histories in which callers identify, split, delete, restore and erase contacts of the same few persons at once,
 * each history with identifiers of its own, and checks that every one has an order that explains all answers.
 * @returns all calls
 * @throws PromiseBroken
 */
export async function runCorrectedHistories(options: CorrectedRunOptions): Promise<CorrectionCall[]> {
  const { seed, histories, concurrency = 16, createdAt } = options
  const done: Array<readonly [number: number, calls: readonly CorrectionCall[]]> = []
  let started = 0
  const runSome = async () => {
    while (started < histories) {
      const number = started++
      done.push([number, await runHistory(number, options)])
    }
  }
  await Promise.all(Array.from({ length: concurrency }, runSome))
  const specification = correctionsOneByOne(await createdAt())
  for (const [number, calls] of done) {
    if (searchOrder(calls, specification, MAX_STEPS)) continue
    const lines = bars(calls, storyOf).join('\n')
    throw new PromiseBroken(
      `seed ${seed}, history ${number}: no order of these calls explains their answers:\n\n${lines}`,
    )
  }
  return done.flatMap(([, calls]) => calls)
}

/** Two calls that make somebody to correct, one after the other, and then all callers at once. */
async function runHistory(number: number, { stores, seed }: CorrectedRunOptions): Promise<CorrectionCall[]> {
  const random = new Random(seed + number)
  const namespace = String(number).padStart(7, '0')
  const names = Object.keys(stores)
  const calls: CorrectionCall[] = []
  const seen: Seen = { persons: [], deleted: [] }
  const call = async (asked: Asked, process: string) => {
    const startedAt = performance.now()
    const told = await ask(stores[process]!, asked)
    calls.push({ asked, told, startedAt, endedAt: performance.now(), process })
    if (!('persons' in told)) return
    seen.persons.push(...told.persons)
    if (asked.type === 'delete') seen.deleted.push(asked.contactId)
  }
  for (let n = 0; n < 2; n++) {
    const request = { email: `e0@${namespace}.example`, phoneNumber: `${namespace}${n}` }
    await call({ type: 'identify', request }, names[n % names.length]!)
  }
  const callers = Array.from({ length: CALLERS }, async (_, caller) => {
    const process = names[(number + caller) % names.length]!
    for (let n = 0; n < CALLS_EACH; n++) await call(nextAsked(random, namespace, seen), process)
  })
  await Promise.all(callers)
  return calls
}

async function ask(store: CorrectedRunOptions['stores'][string], asked: Asked): Promise<Told> {
  try {
    switch (asked.type) {
      case 'identify':
        return { persons: [(await store.identify(1, [asked.request]))[0]!.person] }
      case 'split':
        return toldOfSplit(await store.corrections.split(1, asked))
      case 'delete':
        return toldOf(await store.corrections.deleteContact(1, asked.contactId))
      case 'restore':
        return toldOf(await store.corrections.restoreContact(1, asked.contactId))
      case 'erase':
        return toldOfErasure(await store.corrections.erase(1, { contactId: asked.contactId, reason: null }))
    }
  } catch (error) {
    // By its code alone: an engine under test may have a class of its own.
    const { code } = error as { code?: unknown }
    if (code === 'conflict' || code === 'not_found') return { refused: code }
    throw new PromiseBroken(`a call failed: ${error}`, { cause: error })
  }
}

function toldOf({ persons }: Corrected): Told {
  return { persons }
}

function toldOfSplit({ persons, separationId }: SplitResult): Told {
  return { persons, isSeparated: separationId !== null }
}

function toldOfErasure({ contactIds, identifierCount }: EraseResult): Told {
  return { erasedIds: contactIds, identifierCount }
}
