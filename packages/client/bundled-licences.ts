import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Rolldown } from 'tsdown'

/** Puts the licence of each third-party package whose code is in a bundle beside it, as their licences ask. */
export function bundledLicences(fileName: string): Rolldown.Plugin {
  return {
    name: 'bundled-licences',
    generateBundle(_options, bundle) {
      const modules = Object.values(bundle).flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []))
      const folders = new Set(modules.filter((id) => id.includes('/node_modules/')).map(packageFolder))
      if (folders.size > 0) {
        const source = [...folders].map(licenceOf).toSorted().join('\n\n')
        this.emitFile({ type: 'asset', fileName, source })
      }
    },
  }
}

function packageFolder(module: string): string {
  let folder = dirname(module)
  while (!existsSync(join(folder, 'package.json')) || !manifest(folder).version) folder = dirname(folder)
  return folder
}

function manifest(folder: string): { name: string; version: string; license: string } {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
}

function licenceOf(folder: string): string {
  const { name, version, license } = manifest(folder)
  const file = ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'license'].find((candidate) =>
    existsSync(join(folder, candidate)),
  )
  if (!file) throw new Error(`${name} has no licence file to put beside the bundle; leave it out of the bundle.`)
  return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), 'utf8').trim()}`
}
