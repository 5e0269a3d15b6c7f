import { run } from './run.ts'

// Not left to an empty event loop: standard input may stay open for ever.
process.exit(await run(process.argv.slice(2), process.env))
