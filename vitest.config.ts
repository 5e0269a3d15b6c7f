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
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', ['json', { outputFile: 'test-results.json' }]],
  },
})
