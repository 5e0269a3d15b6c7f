import { mkdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startTunedPostgres } from '@identity/embedded-postgres'
import { thisMachine } from '../machine.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { copyRows, createEmptyDatabase } from './copy-rows.ts'
import { importFile } from './import-file.ts'
import { writeOrders } from './write-orders.ts'

const USAGE = `Usage: npm run bench:import -- [options]
  --orders 1000000   orders in the larger file; the smaller one, for the memory, has a quarter`

const RESULTS = new URL('../../results/', import.meta.url)

/** How fast an import is beside COPY of the rows that it leaves, and whether its memory grows with the file. */
async function main(orders: number): Promise<void> {
  using folder = temporaryFolder()
  // With the settings that it comes with, so that a commit waits for the disk.
  const database = await startTunedPostgres({ dataDir: join(folder.path, 'data') })
  await using undo = new AsyncDisposableStack()
  undo.defer(() => database.stop())
  const small = await importInto('small', Math.ceil(orders / 4))
  const large = await importInto('large', orders)
  const copy = await copyRows(large.url, await createEmptyDatabase(database.url, 'copy'))
  const ratio = copy.seconds / large.seconds
  console.log(`${orders.toLocaleString('en')} orders → ${copy.contacts.toLocaleString('en')} contacts, ${copy.identifiers.toLocaleString('en')} identifiers
import  ${large.seconds.toFixed(1)} s, ${Math.round(orders / large.seconds).toLocaleString('en')} orders/s
COPY    ${copy.seconds.toFixed(1)} s, ${Math.round((copy.contacts + copy.identifiers) / copy.seconds).toLocaleString('en')} rows/s
speed of the import ÷ speed of COPY: ${ratio.toFixed(2)}
peak memory of the import: ${small.peakMib} MiB for ${small.orders.toLocaleString('en')} orders, ${large.peakMib} MiB for ${orders.toLocaleString('en')}
its memory in each quarter of its time: ${large.quartersMib.join(', ')} MiB`)
  mkdirSync(RESULTS, { recursive: true })
  const file = fileURLToPath(new URL('import.json', RESULTS))
  const results = { measuredAt: new Date().toISOString(), machine: thisMachine(), small, large, copy, ratio }
  const withoutSecrets = JSON.stringify(results, (key, value) => (key === 'url' ? undefined : value), 2)
  writeFileSync(file, `${withoutSecrets}\n`)
  console.log(`All figures are in ${relative(process.cwd(), file)}.`)

  async function importInto(name: string, count: number) {
    const url = await createEmptyDatabase(database.url, name)
    const file = join(folder.path, `${name}.ndjson`)
    await writeOrders(file, count)
    return { orders: count, url, ...(await importFile(file, url, folder.path)) }
  }
}

const { values } = parseArgs({ options: { orders: { type: 'string', default: '1000000' }, help: { type: 'boolean' } } })
const orders = Number(values.orders)
if (values.help) console.log(USAGE)
else if (Number.isInteger(orders) && orders >= 1_000) await main(orders)
else {
  console.error(`--orders must be a whole number from 1000; found ${JSON.stringify(values.orders)}.\n\n${USAGE}`)
  process.exitCode = 1
}
