import { gunzipSync } from 'node:zlib'

const BLOCK_BYTES = 512

export interface PackedFile {
  readonly path: string
  readonly content: Buffer
}

/** The files of a package's tarball by name, without the folder `package` that holds them. */
export function unpack(tarball: Buffer): PackedFile[] {
  const tar = gunzipSync(tarball)
  const files: PackedFile[] = []
  for (let offset = 0; tar[offset]; ) {
    const text = (start: number, length: number) =>
      tar
        .toString('utf8', offset + start, offset + start + length)
        .split('\0')[0]!
        .trim()
    const bytes = Number.parseInt(text(124, 12), 8)
    const path = [text(345, 155), text(0, 100)].filter(Boolean).join('/')
    const start = offset + BLOCK_BYTES
    const isFile = ['', '0'].includes(text(156, 1))
    if (isFile) files.push({ path: path.replace('package/', ''), content: tar.subarray(start, start + bytes) })
    offset = start + Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES
  }
  return files.toSorted((a, b) => a.path.localeCompare(b.path))
}
