import { list } from 'tar'

export interface PackedFile {
  readonly path: string
  readonly content: Buffer
}

/** The files of a package's tarball by name, without the folder `package` that holds them. */
export function unpack(tarball: string): PackedFile[] {
  const files: PackedFile[] = []
  list({
    file: tarball,
    sync: true,
    onReadEntry(entry) {
      const chunks: Buffer[] = []
      entry.on('data', (chunk) => chunks.push(chunk))
      entry.on('end', () => files.push({ path: entry.path.replace('package/', ''), content: Buffer.concat(chunks) }))
    },
  })
  return files.toSorted((a, b) => a.path.localeCompare(b.path))
}
