import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: { page: 'src/page.ts' },
  // A classic script: browsers refuse modules to a page opened from a file.
  format: 'iife',
  platform: 'browser',
  target: 'es2024',
  // The core from its source, so that nothing has to be built before.
  inputOptions: { resolve: { conditionNames: ['@identity/source', 'browser', 'import', 'default'] } },
  deps: { alwaysBundle: [/./], onlyBundle: ['libphonenumber-js', 'papaparse'] },
  outputOptions: { entryFileNames: 'page.js' },
  copy: ['src/index.html', 'src/page.css'],
  minify: true,
  dts: false,
})
