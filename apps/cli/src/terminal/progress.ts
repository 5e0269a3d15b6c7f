import { grouped } from './figures.ts'

/** How far an import has come. */
export interface Progress {
  readonly rows: number
  readonly bytesRead: number
  /** Undefined where it is not known, as for standard input. */
  readonly bytesTotal: number | undefined
  readonly elapsedMs: number
}

/** A progress bar as wide as the terminal. */
interface Bar extends Progress {
  readonly columns: number
}

const LONGEST_BAR = 30
const SHORTEST_BAR = 5

/** The line on a terminal: `▕█████     ▏ 42 %  420,000 rows  61,000 rows/s  0:09 left`. Never wider than the terminal. */
export function barOf({ columns, ...progress }: Bar): string {
  const part = partOf(progress)
  const words = lineOf(progress)
  const width = Math.min(LONGEST_BAR, columns - words.length - 4)
  if (part === undefined || width < SHORTEST_BAR) return words.slice(0, columns - 1)
  const full = Math.round(part * width)
  return `▕${'█'.repeat(full)}${' '.repeat(width - full)}▏ ${words}`
}

/** The line elsewhere: `42 %  420,000 rows  61,000 rows/s  0:09 left`. */
export function lineOf(progress: Progress): string {
  const { rows, elapsedMs } = progress
  const part = partOf(progress)
  const rate = elapsedMs > 0 ? Math.round((rows * 1000) / elapsedMs) : 0
  const words = [`${grouped(rows)} rows`, `${grouped(rate)} rows/s`]
  if (part === undefined) return words.join('  ')
  const left = part > 0 ? `${clock((elapsedMs * (1 - part)) / part)} left` : ''
  return [`${Math.floor(part * 100)} %`, ...words, left].filter(Boolean).join('  ')
}

function partOf({ bytesRead, bytesTotal }: Progress): number | undefined {
  // A file may grow while it is read.
  return bytesTotal ? Math.min(1, bytesRead / bytesTotal) : undefined
}

function clock(ms: number): string {
  const seconds = Math.round(ms / 1000)
  const [minutes, rest] = [Math.floor(seconds / 60), String(seconds % 60).padStart(2, '0')]
  return minutes < 60
    ? `${minutes}:${rest}`
    : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${rest}`
}
