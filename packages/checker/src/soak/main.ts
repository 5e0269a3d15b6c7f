import { PromiseBroken } from '../run-histories.ts'
import { readOptions, USAGE, UsageError } from './options.ts'
import { startOwnServers } from './own-servers.ts'
import { type Checked, soak } from './soak.ts'

const REPORT_MS = 10_000

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2))
  if (!options) return console.log(USAGE)
  await using own = options.urls.length > 0 ? null : await startOwnServers()
  const urls = own?.urls ?? options.urls
  const start = Date.now()
  let nextReportMs = start + REPORT_MS
  console.log(`seed ${options.seed}; ${options.atOnce} histories at once over ${urls.join(' ')}`)
  const checked = await soak(urls, options, (soFar) => {
    if (Date.now() < nextReportMs) return
    nextReportMs = Date.now() + REPORT_MS
    console.log(`${Math.round((Date.now() - start) / 1000)} s: ${sum(soFar)}`)
  })
  console.log(`${sum(checked)}: each has an order that explains every answer.`)
}

function sum({ histories, calls, callsBesideCorrections }: Checked): string {
  return `${histories} histories of ${calls} calls, ${callsBesideCorrections} of them with corrections`
}

main().catch((error: unknown) => {
  console.error(error instanceof PromiseBroken || error instanceof UsageError ? error.message : error)
  if (error instanceof UsageError) console.error(USAGE)
  process.exitCode = 1
})
