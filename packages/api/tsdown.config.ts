import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: { index: 'src/index.ts', portable: 'src/portable.ts' },
  tsconfig: 'tsconfig.build.json',
  fixedExtension: false,
  dts: true,
})
