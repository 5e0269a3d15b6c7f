/** `12,345`. */
export function grouped(count: number): string {
  return count.toLocaleString('en')
}

/** `1 contact`, `12,345 contacts`. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`
}
