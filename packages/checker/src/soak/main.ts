import { postIdentify } from '@identity/testkit'
import { PromiseBroken, runHistories } from '../run-histories.ts'
import { type Options, readOptions, USAGE, UsageError } from './options.ts'
import { startOwnServers } from './own-servers.ts'

const REPORT_MS = 10_000

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2))
  if (!options) return console.log(USAGE)
  if (options.urls.length > 0) return soak(options.urls, options)
  await using own = await startOwnServers()
  await soak(own.urls, options)
}

async function soak(urls: readonly string[], { minutes, atOnce, seed }: Options): Promise<void> {
  const start = Date.now()
  const endMs = start + minutes * 60_000
  let nextReportMs = start + REPORT_MS
  console.log(`seed ${seed}; ${atOnce} histories at once over ${urls.join(' ')}`)
  const { histories, calls } = await runHistories({
    processes: Object.fromEntries(urls.map((url) => [url, (request) => postIdentify(url, request)])),
    seed,
    concurrency: atOnce,
    goesOn(done) {
      if (Date.now() > nextReportMs) {
        nextReportMs += REPORT_MS
        console.log(`${Math.round((Date.now() - start) / 1000)} s: ${done} histories`)
      }
      return Date.now() < endMs
    },
  })
  console.log(`${histories} histories of ${calls} calls: each has an order that explains every answer.`)
}

main().catch((error: unknown) => {
  console.error(error instanceof PromiseBroken || error instanceof UsageError ? error.message : error)
  if (error instanceof UsageError) console.error(USAGE)
  process.exitCode = 1
})
