import { create } from 'tar'

/** Knows of no file that is in the tarball already under another name: npm leaves links out. */
class NoLinks extends Map<`${number}:${number}`, string> {
  override get(): undefined {
    return undefined
  }
}

/** A package's folder as a registry serves it, not compressed. */
export function tarballOf(folder: string): Buffer {
  const chunks: Buffer[] = []
  const packed = create(
    {
      cwd: folder,
      prefix: 'package',
      portable: true,
      // Without it, tar 7.5.23 never comes to an end where a folder has several folders.
      sync: true,
      linkCache: new NoLinks(),
      // pnpm's own additions to a package.
      filter: (path) => !path.startsWith('./node_modules/.bin'),
    },
    ['.'],
  )
  packed.on('data', (chunk) => chunks.push(chunk))
  return Buffer.concat(chunks)
}
