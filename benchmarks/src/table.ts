import type { Spread } from './statistics.ts'
import type { Summary } from './summary.ts'

const HEAD = ['workload', 'server', 'requests/s', 'service ÷ bare', 'p50, ms', 'p99, ms']

/** The summaries as a Markdown table: medians, with the least and the greatest of the rounds in parentheses. */
export function tableOf(summaries: readonly Summary[]): string {
  const rows = summaries.flatMap(({ workload, contestants, ratio }) =>
    (['service', 'bare'] as const).map((name) => [
      workload,
      name,
      show(contestants[name].requestsPerS, 0),
      name === 'service' ? show(ratio, 2) : '',
      show(contestants[name].p50Ms, 2),
      show(contestants[name].p99Ms, 2),
    ]),
  )
  const widths = HEAD.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)))
  const line = (cells: readonly string[]) => `| ${cells.map((cell, n) => cell.padEnd(widths[n]!)).join(' | ')} |`
  return [line(HEAD), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}

function show({ median, min, max }: Spread, digits: number): string {
  const [middle, least, greatest] = [median, min, max].map((value) =>
    value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits }),
  )
  return `${middle} (${least}–${greatest})`
}
