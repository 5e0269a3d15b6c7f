/**
 * Aborted by the first signal that asks the process to end. Such signals end it no more by themselves: what was started
 * is stopped first.
 */
export function interruption(): AbortSignal {
  const controller = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => controller.abort())
  return controller.signal
}
