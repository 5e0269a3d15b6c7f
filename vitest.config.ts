import { globSync, readFileSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

const conditions = ['@identity/source', 'node', 'module', 'import', 'default']
const FILES = [
  'apps/*/test/**/*.test.ts',
  'packages/*/test/**/*.test.ts',
  'examples/*/test/**/*.test.ts',
  'benchmarks/test/**/*.test.ts',
  'test/**/*.test.ts',
]

// What takes the clock of its process would take it from whatever another file left running there:
// docs/decisions/0039-test-files-share-processes.md.
const TAKES_THE_CLOCK = /useFakeTimers|spyOn\(globalThis|\bsimulate/
const alone = globSync(FILES).filter((file) => TAKES_THE_CLOCK.test(readFileSync(file, 'utf8')))

const ofAll = {
  resolve: { conditions },
  environments: { __vitest__: { resolve: { conditions, externalConditions: conditions } } },
  ssr: { resolve: { conditions, externalConditions: conditions } },
}
const testOfAll = { pool: 'forks', testTimeout: 60_000, hookTimeout: 60_000 } as const

export default defineConfig({
  ...ofAll,
  test: {
    globalSetup: 'packages/testkit/src/global-setup.ts',
    maxWorkers: 2,
    reporters: ['default', ['json', { outputFile: 'test-results.json' }]],
    projects: [
      { ...ofAll, test: { ...testOfAll, name: 'together', include: FILES, exclude: alone, isolate: false } },
      { ...ofAll, test: { ...testOfAll, name: 'alone', include: alone } },
    ],
  },
})
