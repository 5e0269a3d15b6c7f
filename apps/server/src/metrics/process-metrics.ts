import { monitorEventLoopDelay } from 'node:perf_hooks'
import { VERSION } from '../version.ts'
import { counter, type Family, gauge, type Sample, written } from './family.ts'

const STATISTICS = { p50: 50, p99: 99, max: 100 }
const RESOLUTION_MS = 20

/** What the process takes of the machine, and how promptly its event loop turns. */
export class ProcessMetrics {
  readonly #delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS })

  constructor() {
    this.#delays.enable()
  }

  stop(): void {
    this.#delays.disable()
  }

  /** The delays are those since the families were asked for last. */
  families(): Family[] {
    const { user, system } = process.cpuUsage()
    const { rss, heapUsed } = process.memoryUsage()
    const delays = Object.entries(STATISTICS).map(
      ([stat, percentile]): Sample => [written({ stat }), this.#delayS(percentile)],
    )
    this.#delays.reset()
    return [
      gauge(
        'identity_event_loop_delay_seconds',
        'How much later than asked for a timer came since the last scrape; of several processes, the slowest.',
        delays,
        'max',
      ),
      gauge('identity_processes', 'Processes that these figures come from.', [['', 1]]),
      gauge(
        'identity_build_info',
        'Always 1; its labels say what runs.',
        [[written({ version: VERSION, node: process.versions.node }), 1]],
        'max',
      ),
      counter('process_cpu_seconds_total', 'CPU time, of all processes.', [['', (user + system) / 1e6]]),
      gauge('process_resident_memory_bytes', 'Memory, of all processes.', [['', rss]]),
      gauge('nodejs_heap_used_bytes', 'Memory that JavaScript uses, of all processes.', [['', heapUsed]]),
      gauge(
        'process_start_time_seconds',
        'When the process that started last was started, in seconds since 1970.',
        [['', performance.timeOrigin / 1000]],
        'max',
      ),
    ]
  }

  /** The resolution is part of what is measured. Nothing measured yet is no delay. */
  #delayS(percentile: number): number {
    if (this.#delays.count === 0) return 0
    return Math.max(0, this.#delays.percentile(percentile) / 1e9 - RESOLUTION_MS / 1000)
  }
}
