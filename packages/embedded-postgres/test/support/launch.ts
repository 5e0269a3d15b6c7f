import { startEmbeddedPostgres } from '../../src/index.ts'

// Run by `launcher.ts` as a process of its own, which a test can kill.
try {
  const postgres = await startEmbeddedPostgres({ dataDir: process.argv[2]! })
  process.once('SIGTERM', () => void postgres.stop().then(() => process.exit(0)))
  process.once('SIGUSR2', () => process.exit(1))
  console.log(`ready ${postgres.url}`)
} catch (error) {
  console.error(`${(error as Error).name}: ${(error as Error).message}`)
  process.exit(1)
}
