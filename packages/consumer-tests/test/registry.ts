import { readFileSync } from 'node:fs'
import { serve, type TestServer } from '@identity/testkit'
import { installedVersions, type Manifest } from './installed-packages.ts'
import type { PackedPackage } from './pack.ts'
import { tarballOf } from './tarball.ts'

/** An npm registry on this machine. Use with `await using`. */
export type Registry = TestServer

interface Version {
  readonly manifest: Manifest
  /** The tarball. */
  content(): Buffer
}

/** Serves the packed packages as released, and of all others what this workspace has installed. */
export async function startRegistry(packed: readonly PackedPackage[]): Promise<Registry> {
  function versionsOf(name: string): Version[] {
    const ours = packed.filter(({ manifest }) => manifest.name === name)
    if (ours.length > 0) {
      return ours.map(({ manifest, tarball }) => ({ manifest, content: () => readFileSync(tarball) }))
    }
    return installedVersions(name).map(({ manifest, folder }) => ({
      manifest,
      content: () => tarballOf(folder),
    }))
  }

  const server = await serve((request, response) => {
    // `/name` asks what there is of a package, `/name/-/1.2.3.tgz` for one version.
    const [name, wanted] = decodeURIComponent(request.url!.slice(1))
      .replace(/\.tgz$/, '')
      .split('/-/')
    const versions = versionsOf(name!)
    const found = versions.find(({ manifest }) => manifest.version === wanted)
    if (found) return void response.end(found.content())
    // npm goes on without an optional package that no registry has: those for other platforms.
    if (wanted || versions.length === 0) return void response.writeHead(404).end()
    response.setHeader('content-type', 'application/json').end(JSON.stringify(packument(name!, versions, server.url)))
  })
  return server
}

/** What a registry says of a package. */
function packument(name: string, versions: readonly Version[], url: string) {
  const manifests = versions
    .map(({ manifest }) => manifest)
    .sort((a, b) => a.version.localeCompare(b.version, 'en', { numeric: true }))
  return {
    name,
    'dist-tags': { latest: manifests.at(-1)!.version },
    versions: Object.fromEntries(
      manifests.map((manifest) => [
        manifest.version,
        { ...manifest, dist: { tarball: `${url}/${name}/-/${manifest.version}.tgz` } },
      ]),
    ),
  }
}
