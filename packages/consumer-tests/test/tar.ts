import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'

const BLOCK = 512

/**
 * A package's folder as a registry serves it: a tar file with everything below `package/`. The command `tar` would not
 * do: pnpm links a package's equal files to each other, tar would write them as links, and npm leaves links out.
 */
export function* tarOf(folder: string): Generator<Buffer> {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    // pnpm's own additions to a package are links.
    if (!entry.isFile() || entry.parentPath.endsWith(join('node_modules', '.bin'))) continue
    const path = join(entry.parentPath, entry.name)
    const content = readFileSync(path)
    yield header(join('package', relative(folder, path)), content.length, statSync(path).mode)
    yield content
    yield Buffer.alloc(-content.length & (BLOCK - 1))
  }
  yield Buffer.alloc(2 * BLOCK)
}

/** POSIX.1-1988 (ustar): numbers are octal, and a long path is cut in two at a slash. */
function header(path: string, size: number, mode: number): Buffer {
  const block = Buffer.alloc(BLOCK)
  const cut = path.length > 100 ? path.indexOf('/', path.length - 101) : -1
  block.write(path.slice(cut + 1), 0)
  block.write(octal(mode & 0o777, 8), 100)
  block.write(octal(size, 12), 124)
  block.write(' '.repeat(8), 148)
  block.write('0', 156)
  block.write('ustar\x0000', 257)
  if (cut > 0) block.write(path.slice(0, cut), 345)
  const checksum = block.reduce((sum, byte) => sum + byte, 0)
  block.write(octal(checksum, 8), 148)
  return block
}

function octal(value: number, width: number): string {
  return `${value.toString(8).padStart(width - 1, '0')}\0`
}
