import { syncBuiltinESMExports } from 'node:module'
import timersPromises from 'node:timers/promises'
import type { Scheduler, Timer } from './scheduler.ts'

const real = {
  setTimeout: globalThis.setTimeout,
  clearTimeout: globalThis.clearTimeout,
  setImmediate: globalThis.setImmediate,
  now: Date.now,
  performanceNow: performance.now.bind(performance),
  random: Math.random,
  delay: timersPromises.setTimeout,
}

/** Whose time it is; none, and everything is as it was. */
let current: Scheduler | null = null
let isInstalled = false

/**
 * Puts clock, timers and chance into a scheduler's hands while the work runs, for everything in this process: the
 * engine needs no switch for it, and a seed decides all that it does.
 */
export async function withVirtualTime<T>(scheduler: Scheduler, work: () => Promise<T>): Promise<T> {
  install()
  current = scheduler
  try {
    return await work()
  } finally {
    current = null
  }
}

/** Once for all simulations: telling importers of built-in modules takes longer than a simulation does. */
function install(): void {
  if (isInstalled) return
  isInstalled = true
  const setVirtualTimeout = (scheduler: Scheduler, run: () => void, delayMs = 0) => ({
    timer: scheduler.addTimer(run, delayMs),
    unref: () => {},
  })
  Object.assign(globalThis, {
    setTimeout: (run: () => void, delayMs?: number, ...args: []) =>
      current ? setVirtualTimeout(current, run, delayMs) : real.setTimeout(run, delayMs, ...args),
    clearTimeout(handle?: NodeJS.Timeout & { timer?: Timer }) {
      if (handle?.timer) current?.removeTimer(handle.timer)
      else real.clearTimeout(handle)
    },
    setImmediate: (run: () => void, ...args: []) => (current ? current.add(run) : real.setImmediate(run, ...args)),
  })
  Date.now = () => (current ? Math.floor(current.nowMs) : real.now())
  performance.now = () => (current ? current.nowMs : real.performanceNow())
  Math.random = () => (current ? current.random.next() : real.random())
  const delay = (...args: Parameters<typeof real.delay>) => {
    const scheduler = current
    const [delayMs] = args
    if (!scheduler) return real.delay(...args)
    return new Promise<void>((resolve) => setVirtualTimeout(scheduler, resolve, delayMs))
  }
  Object.assign(timersPromises, { setTimeout: delay })
  syncBuiltinESMExports()
}
