import { run as runHere } from '@identity/cli'
import { vi } from 'vitest'

/** Runs a command in this process, for what it says. */
export async function said(args: string[], env: Record<string, string>) {
  using log = vi.spyOn(console, 'log').mockReturnValue()
  using error = vi.spyOn(console, 'error').mockReturnValue()
  const code = await runHere(args, env)
  const [stdout, stderr] = [log, error].map(({ mock }) => mock.calls.flat().join('\n')) as [string, string]
  return { code, stdout, stderr }
}
