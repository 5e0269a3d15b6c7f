import { spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'

const root = join(import.meta.dirname, '../..')
const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** The package manager that package.json names, wherever npx keeps it, and the tools of this repository. */
const PATH = (() => {
  const args = [join(root, 'scripts/pnpm.mjs'), 'exec', 'node', '-e', 'process.stdout.write(process.env.PATH)']
  const { status, stdout, stderr } = spawnSync('node', args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`npx does not start ${packageManager}:\n${stderr}`)
  return `${join(root, 'node_modules/.bin')}:${stdout}`
})()

function published(name: string, more: object = {}) {
  const scripts = { build: 'mkdir -p dist && cp index.js dist' }
  return { name, version: '0.1.0', type: 'module', files: ['dist', 'CHANGELOG.md'], scripts, ...more }
}

const manifests: Record<string, object> = {
  'package.json': {
    name: 'project',
    private: true,
    type: 'module',
    packageManager,
    scripts: {
      check: 'node -e ""',
      'release:version': 'changeset version',
      'api:changes': 'node api-changes.mjs',
    },
  },
  'packages/core/package.json': published('@identity/core'),
  'packages/client/package.json': published('@identity/client', {
    dependencies: { '@identity/core': 'workspace:*', zod: 'catalog:' },
  }),
  'packages/api/package.json': { name: '@identity/api', version: '0.1.0', private: true },
  'apps/server/package.json': { name: '@identity/server', version: '0.1.0', private: true },
}

const files: Record<string, string> = {
  '.gitignore': 'node_modules/\ndist/\n.npmrc\n',
  'pnpm-workspace.yaml': 'packages: [apps/*, packages/*]\npmOnFail: ignore\ncatalog:\n  zod: 4.6.7\n',
  'api-changes.mjs': 'console.log("The HTTP API is that of 0.1.0.")\n',
  LICENSE: 'MIT\n',
  '.changeset/a-greeting.md': '---\n"@identity/client": minor\n---\n\nThe client says hello.\n',
  'packages/core/README.md': '# core\n',
  'packages/client/README.md': '# client\n',
  'packages/core/index.js': 'export const core = 1\n',
  'packages/client/index.js': 'export const client = 1\n',
}

/** A repository with packages of the same names, small enough to be released in a second. */
export function createProject() {
  const home = mkdtempSync(join(tmpdir(), 'identity-project-'))
  const folder = join(home, 'project')
  // Nothing of the environment: no registry, no signing of commits, and no settings of whoever runs the test.
  const env = { PATH, HOME: home, GIT_CONFIG_NOSYSTEM: '1' }
  const write = (name: string, content: string) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  const git = (...args: string[]) => spawnSync('git', args, { cwd: folder, env, encoding: 'utf8' }).stdout.trimEnd()

  for (const [name, content] of Object.entries(files)) write(name, content)
  for (const [name, manifest] of Object.entries(manifests)) write(name, JSON.stringify(manifest, undefined, 2))
  for (const name of ['config.json', 'changelog.mjs']) {
    cpSync(join(root, '.changeset', name), join(folder, '.changeset', name))
  }
  git('init', '--quiet', '--initial-branch', 'main')
  git('config', 'user.name', 'Test')
  git('config', 'user.email', 'test@example.com')
  git('add', '--all')
  git('commit', '--quiet', '--message', 'Begin')

  return {
    write,
    git,
    /** Runs the release script of this repository on the project. */
    async release(...args: string[]) {
      const script = join(root, 'scripts/release/main.ts')
      const child = spawn('node', [script, ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
      const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
      const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
      return { status: await ended, output: stdout + stderr }
    },
    [Symbol.dispose]: () => rmSync(home, { recursive: true }),
  }
}
