import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: { index: 'src/index.ts', 'schema/index': 'src/schema/index.ts', 'postgres/index': 'src/postgres/index.ts' },
  tsconfig: 'tsconfig.build.json',
  platform: 'neutral',
  deps: { neverBundle: [/^node:/, 'drizzle-orm', 'postgres', 'libphonenumber-js'] },
  fixedExtension: false,
  dts: true,
})
