import { counter, type Family, type Sample, written } from './family.ts'
import { Histogram, histogram } from './histogram.ts'

/** From what an idle service takes to more than any request may. */
const DURATION_BOUNDS_S = [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
/** A method may be any of the many that HTTP has; those that no route takes are one. */
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
const OTHER_METHOD = 'other'
/** A path may be any text; those that no route takes are one. */
const NO_ROUTE = 'none'
/** There from a route's first request on: of a series that begins with its first failure, Prometheus sees no increase. */
const FAILURES = ['internal', 'unavailable'] as const

interface RouteCounts {
  readonly method: string
  readonly route: string
  readonly durations: Histogram
  readonly outcomes: Map<string, number>
}

/** Requests by method, route and outcome. */
export class RequestMetrics {
  /** By what a request has: its method, and the address of its route. */
  readonly #found = new Map<string, Map<string | undefined, RouteCounts>>()
  /** By what is said of it. */
  readonly #counts = new Map<string, RouteCounts>()

  /**
   * Counts a request that has ended.
   * @param route its address with parameters as names; undefined where there is none
   * @param outcome one of few
   * @param durationMs undefined where there was no whole request
   */
  count(method: string, route: string | undefined, outcome: string, durationMs: number | undefined): void {
    const { durations, outcomes } = this.#found.get(method)?.get(route) ?? this.#find(method, route)
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
    if (durationMs !== undefined) durations.observe(durationMs / 1000)
  }

  get families(): Family[] {
    const all = [...this.#counts.values()]
    return [
      counter(
        'identity_requests_total',
        'HTTP requests by method, route and outcome: what identify did, ok, aborted, or the code of an error.',
        all.flatMap(({ method, route, outcomes }) =>
          [...outcomes].map(([outcome, count]): Sample => [written({ method, route, outcome }), count]),
        ),
      ),
      histogram(
        'identity_request_duration_seconds',
        'Time from the head of a request to its end, by method and route.',
        all.flatMap(({ method, route, durations }) => durations.samples({ method, route })),
      ),
    ]
  }

  #find(method: string, route: string | undefined): RouteCounts {
    const said = {
      method: METHODS.has(method) ? method : OTHER_METHOD,
      // Each route is there with and without a slash at the end.
      route: route === undefined ? NO_ROUTE : route.replace(/(?<=.)\/$/, ''),
    }
    const key = `${said.method} ${said.route}`
    const counts = this.#counts.get(key) ?? {
      ...said,
      durations: new Histogram(DURATION_BOUNDS_S),
      outcomes: new Map<string, number>(FAILURES.map((code) => [code, 0])),
    }
    this.#counts.set(key, counts)
    const byRoute = this.#found.get(method) ?? new Map()
    this.#found.set(method, byRoute.set(route, counts))
    return counts
  }
}
