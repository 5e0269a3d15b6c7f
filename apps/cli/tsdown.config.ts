import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: { index: 'src/index.ts', main: 'src/main.ts', 'row-worker': 'src/import/row-worker.ts' },
  tsconfig: 'tsconfig.build.json',
  fixedExtension: false,
  dts: true,
})
