import { setTimeout as delay } from 'node:timers/promises'
import type { Random } from '../random.ts'
import type { Step } from './world.ts'

/** A step in which a caller asks for nothing, for a time of up to so many virtual milliseconds. */
export function pauseOf(random: Random, longestMs: number): Step<unknown> {
  const ms = random.below(longestMs)
  return { send: () => delay(ms, 'over'), note() {} }
}
