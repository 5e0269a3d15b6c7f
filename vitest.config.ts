import { defineConfig } from 'vitest/config'

const conditions = ['@identity/source', 'node', 'module', 'import', 'default']

export default defineConfig({
  resolve: { conditions },
  environments: { __vitest__: { resolve: { conditions, externalConditions: conditions } } },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: [
      'apps/*/test/**/*.test.ts',
      'packages/*/test/**/*.test.ts',
      'examples/*/test/**/*.test.ts',
      'benchmarks/test/**/*.test.ts',
      'test/**/*.test.ts',
    ],
    globalSetup: 'packages/testkit/src/global-setup.ts',
    pool: 'forks',
    maxWorkers: 2,
    // A process runs many files, and imports what they share once: docs/decisions/0039-test-files-share-processes.md.
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', ['json', { outputFile: 'test-results.json' }]],
  },
})
