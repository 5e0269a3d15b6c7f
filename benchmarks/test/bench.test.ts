import { expect, it } from 'vitest'
import { bench } from '../src/bench.ts'
import { readOptions } from '../src/options.ts'
import { costTable, speedTable } from '../src/table.ts'

it('the benchmark starts what it needs, measures, and lays its tables', async () => {
  const small = ['--rounds', '1', '--seconds', '1', '--customers', '100', '--connections', '8']
  const options = readOptions(['--scenario', 'mix-16', '--generator', 'autocannon', ...small])!
  const { summaries, runs } = await bench(options, new AbortController().signal, () => {})
  expect(runs.map(({ contestant, round }) => `${contestant} ${round}`)).toEqual([
    'service 0',
    'bare 0',
    'service 1',
    'bare 1',
  ])
  expect(speedTable(summaries)).toMatch(/^\| mix-16 \(8\) *\| service *\| [\d,]+ /m)
  expect(costTable(summaries)).toMatch(/^\| mix-16 \(8\) *\| bare /m)
  // 28 of 100 add a contact; newcomers bring two identifiers, additions one.
  const [service] = summaries[0]!.contestants
  expect(service!.rowsWritten!.median).toBeCloseTo(0.2 * 3 + 0.08 * 2 + 0.02 * 2, 0)
  expect(service!.roundTrips!.median).toBeGreaterThan(0)
})
