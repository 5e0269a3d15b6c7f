import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: ['src/index.ts', 'src/main.ts'],
  tsconfig: 'tsconfig.build.json',
  fixedExtension: false,
  dts: true,
})
