import type { Spread } from './statistics.ts'
import type { ContestantSummary, Summary } from './summary.ts'
import { showTarget } from './target.ts'

/** The figures as a Markdown table: medians, with the least and the greatest of the rounds in parentheses. */
export function speedTable(summaries: readonly Summary[]): string {
  const head = ['scenario', 'contestant', 'requests/s', '÷ last', 'p50, ms', 'p99, ms', 'half load: p50, p99']
  const rows = rowsOf(summaries, ({ requestsPerS, ratio, p50Ms, p99Ms, halfLoad }) => [
    show(requestsPerS, 0),
    ratio ? show(ratio, 2) : '',
    show(p50Ms, 2),
    show(p99Ms, 2),
    halfLoad ? `${decimal(halfLoad.p50Ms, 2)}, ${decimal(halfLoad.p99Ms, 2)}` : '',
  ])
  return tableOf(head, rows)
}

/** What a request takes, as medians. */
export function costTable(summaries: readonly Summary[]): string {
  const head = [
    ...['scenario', 'contestant', 'CPU, ms per 1,000: server', 'PostgreSQL', 'load generator'],
    ...['memory, MB', 'loop delay p99, ms', 'round trips', 'statements', 'rows written'],
  ]
  const rows = rowsOf(summaries, (contestant) => [
    median(contestant.serverCpuMs, 0, 1000),
    median(contestant.postgresCpuMs, 0, 1000),
    median(contestant.generatorCpuMs, 0, 1000),
    median(contestant.peakMemoryMb, 0),
    median(contestant.loopDelayP99Ms, 1),
    median(contestant.roundTrips, 3),
    median(contestant.statements, 3),
    median(contestant.rowsWritten, 3),
  ])
  return tableOf(head, rows)
}

/** Each target beside what was found. */
export function targetTable(summaries: readonly Summary[]): string {
  const rows = summaries.flatMap(({ scenario, target, contestants }) => {
    if (!target) return []
    const { of } = target.target
    const [first, ...others] = contestants.map(({ name }) => name)
    const what = {
      requests: `requests/s of ${first} ÷ ${others.at(-1)}`,
      latency: `p50 of ${first} ÷ (${others.join(' + ')})`,
      memory: `memory of ${first}, MB`,
    }[of]
    const figure = show(target.figure, of === 'memory' ? 0 : 2)
    return [[scenario, what, figure, showTarget(target.target), target.isMet ? 'met' : 'missed']]
  })
  return rows.length > 0 ? tableOf(['scenario', 'figure', 'found', 'target', ''], rows) : ''
}

function rowsOf(summaries: readonly Summary[], cells: (contestant: ContestantSummary) => string[]): string[][] {
  return summaries.flatMap(({ scenario, connections, contestants }) =>
    contestants.map((contestant) => [`${scenario} (${connections})`, contestant.name, ...cells(contestant)]),
  )
}

function tableOf(head: readonly string[], rows: readonly string[][]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)))
  const line = (cells: readonly string[]) => `| ${cells.map((cell, n) => cell.padEnd(widths[n]!)).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}

function median(spread: Spread | null, digits: number, factor = 1): string {
  return spread ? decimal(spread.median * factor, digits) : 'n/a'
}

function show({ median, min, max }: Spread, digits: number): string {
  return `${decimal(median, digits)} (${decimal(min, digits)}–${decimal(max, digits)})`
}

function decimal(value: number, digits: number): string {
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}
