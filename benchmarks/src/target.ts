/** What a scenario's figure is, and what it should be. */
export type Target =
  /** The first contestant's requests/s by the last one's, in the same round. */
  | { of: 'requests'; atLeast: number; aim?: number }
  /** The first one's p50 by the sum of the others', who do a part of its work each. */
  | { of: 'latency'; atMost: number }
  /** The first one's memory at its peak, MB. */
  | { of: 'memory'; atMost: number }

export function isMet(target: Target, figure: number): boolean {
  return 'atLeast' in target ? figure >= target.atLeast : figure <= target.atMost
}

export function showTarget(target: Target): string {
  const unit = target.of === 'memory' ? ' MB' : ''
  if (!('atLeast' in target)) return `≤ ${target.atMost}${unit}`
  return `≥ ${target.atLeast}${target.aim === undefined ? '' : ` (aim ${target.aim})`}`
}
