import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: 'src/index.ts',
  tsconfig: 'tsconfig.build.json',
  fixedExtension: false,
  deps: { neverBundle: [/^@trpc\//, 'superjson'], alwaysBundle: [/^@identity\//] },
  dts: true,
})
