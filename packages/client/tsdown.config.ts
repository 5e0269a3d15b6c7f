import { defineConfig } from 'tsdown'
import { bundledLicences } from './bundled-licences.ts'

const shared = { tsconfig: 'tsconfig.build.json', fixedExtension: false }
const installed = [/^@trpc\//, 'superjson', 'eventsource-parser', 'msw']
const ofTheService = ['zod', 'libphonenumber-js']

/** Only types: nothing third-party is left of them but what they name. */
const types = {
  deps: { neverBundle: [...installed, ...ofTheService], alwaysBundle: [/^@identity\//] },
  treeshake: { moduleSideEffects: false },
  dts: true,
}

export default defineConfig([
  { ...shared, ...types, entry: 'src/index.ts' },
  { ...shared, ...types, entry: { msw: 'src/msw/index.ts' }, dts: { emitDtsOnly: true }, clean: false },
  {
    ...shared,
    entry: { msw: 'src/msw/index.ts' },
    // The service itself is inside, so that a consumer installs nothing for it.
    deps: { neverBundle: installed, alwaysBundle: [/.*/], onlyBundle: ofTheService },
    dts: false,
    clean: false,
    plugins: [bundledLicences('THIRD-PARTY-LICENCES.txt')],
  },
])
