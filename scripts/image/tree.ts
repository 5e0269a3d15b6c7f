import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { copyContext } from './context.ts'
import { execForm, readStages, type Stage, textOf, textsOf } from './dockerfile.ts'

/** What the image holds and how it runs, on this machine instead of in a container. */
export interface ImageTree extends Disposable {
  /** The folder that is `/app` in the image. */
  readonly app: string
  readonly user: { readonly uid: number; readonly gid: number }
  readonly env: Readonly<Record<string, string>>
  readonly command: readonly [string, ...string[]]
  readonly healthcheck: readonly [string, ...string[]]
}

/**
 * Makes the production tree by the commands of the Dockerfile's build stage, in a temporary folder. Use with
 * `using`.
 * @throws Error when one of them fails, or others than the owner may write to the tree
 */
export function makeImageTree(root: string): ImageTree {
  const [build, image] = readStages(readFileSync(join(root, 'Dockerfile'), 'utf8')) as [Stage, Stage]
  const folder = mkdtempSync(join(tmpdir(), 'identity-image-'))
  // The unprivileged user must be able to enter.
  chmodSync(folder, 0o755)
  const inFolder = (text: string) => text.replaceAll(/(?<![\w.-])\/(app|build)\b/g, join(folder, '$1'))
  copyContext(root, join(folder, 'build'))
  for (const line of textsOf(build, 'RUN')) run(inFolder(line), inFolder(textOf(build, 'WORKDIR')))
  rmSync(join(folder, 'build'), { recursive: true })

  // Node's own, as the checkout may lie where that user cannot enter.
  mkdirSync(join(folder, 'bin'))
  linkOrCopy(process.execPath, join(folder, 'bin', 'node'))
  const env = Object.fromEntries(
    textsOf(image, 'ENV')
      .flatMap((text) => text.split(/\s+/))
      .map((pair) => [pair.slice(0, pair.indexOf('=')), inFolder(pair.slice(pair.indexOf('=') + 1))]),
  )
  const [uid, gid] = textOf(image, 'USER').split(':').map(Number) as [number, number]
  expectOnlyOwnerWrites(folder)
  return {
    app: join(folder, 'app'),
    user: { uid, gid },
    env: { ...env, PATH: env.PATH!.replace('$PATH', `${join(folder, 'bin')}:/usr/bin:/bin`) },
    command: execForm(textOf(image, 'CMD')),
    healthcheck: execForm(textOf(image, 'HEALTHCHECK')),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function run(line: string, cwd: string): void {
  console.log(`RUN ${line}`)
  const { status, stdout, stderr } = spawnSync('sh', ['-c', line], { cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${line} ended with ${status}:\n${stdout}\n${stderr}`)
}

function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to)
  } catch {
    cpSync(from, to)
  }
}

/** @throws Error where others than the owner could change what they run */
function expectOnlyOwnerWrites(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    const { mode } = lstatSync(path)
    if (!entry.isSymbolicLink() && (mode & 0o022) !== 0) throw new Error(`${path} may be written to by others`)
  }
}
