const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Listens for Ctrl-C until told to ignore it again. */
export function interruption(): { readonly signal: AbortSignal; ignore(): void } {
  const controller = new AbortController()
  // `on`, not `once`: under npx, Ctrl-C comes twice, and the second one must not kill what the first one ends.
  const interrupt = () => controller.abort()
  for (const name of SIGNALS) process.on(name, interrupt)
  return {
    signal: controller.signal,
    ignore: () => {
      for (const name of SIGNALS) process.off(name, interrupt)
    },
  }
}
