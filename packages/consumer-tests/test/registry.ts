import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { installedVersions, type Manifest } from './installed-packages.ts'
import type { PackedPackage } from './pack.ts'
import { tarballOf } from './tarball.ts'

/** An npm registry on this machine. Use with `await using`. */
export interface Registry extends AsyncDisposable {
  readonly url: string
}

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

  const server = createServer((request, response) => {
    // `/name` asks what there is of a package, `/name/-/1.2.3.tgz` for one version.
    const [name, wanted] = decodeURIComponent(request.url!.slice(1))
      .replace(/\.tgz$/, '')
      .split('/-/')
    const versions = versionsOf(name!)
    const found = versions.find(({ manifest }) => manifest.version === wanted)
    if (found) return void response.end(found.content())
    // npm goes on without an optional package that no registry has: those for other platforms.
    if (wanted || versions.length === 0) return void response.writeHead(404).end()
    response.setHeader('content-type', 'application/json').end(JSON.stringify(packument(name!, versions, url)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
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
