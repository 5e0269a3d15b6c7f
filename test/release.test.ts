import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { createProject } from './release/project.ts'
import { startRegistry } from './release/registry.ts'

/** A tree that came as an archive may stand where there is no git; nothing is released from there. */
const hasGit = spawnSync('git', ['--version']).status === 0

describe.skipIf(!hasGit)('a dry run', () => {
  it('shows what would be published, and leaves the tree as it is', async () => {
    using project = createProject()
    const { status, output } = await project.release('--dry-run')
    expect(output).toContain('@identity/client 0.1.0 → 0.2.0\n')
    expect(output).toContain('@identity/server 0.1.0 → 0.2.0, private: not published')
    expect(output).toMatch(/ 24 {2}dist\/index\.js\n/)
    expect(output).toMatch(/ 4 {2}LICENSE\n/)
    expect(output).toMatch(/\d+ {2}bytes packed\n/)
    expect(output).toContain('  │ ## 0.2.0\n  │\n  │ ### Minor Changes\n  │\n  │ The client says hello.\n')
    expect(output).toContain('The HTTP API is that of 0.1.0.')
    expect(output).not.toContain('would be refused')
    expect(status).toBe(0)
    expect(project.git('status', '--porcelain', '--ignored')).toBe('')
    expect(project.git('log', '--format=%s')).toBe('Begin')
  })

  it('shows work that is not committed, and says why that cannot be released', async () => {
    using project = createProject()
    project.write('packages/core/more.js', '')
    const { status, output } = await project.release('--dry-run')
    expect(output).toContain('@identity/client 0.1.0 → 0.2.0\n')
    expect(output).toContain('A release would be refused now:\n- The tree has changes')
    expect(output).toContain('?? packages/core/more.js')
    expect(status).toBe(0)
  })

  it('fails when a tarball lacks what users need', async () => {
    using project = createProject()
    project.git('rm', '--quiet', 'packages/core/README.md')
    const { status, output } = await project.release('--dry-run')
    expect(output).toContain('The tarball of @identity/core lacks README.md.')
    expect(status).toBe(1)
  })
})

describe.skipIf(!hasGit)('a release', () => {
  it('publishes, commits and tags', async () => {
    using project = createProject()
    await using registry = await startRegistry()
    project.write('.npmrc', registry.npmrc)
    const { status, output } = await project.release()
    expect(output).toContain('0.2.0 is published, committed and tagged.')
    expect(status).toBe(0)
    expect([...registry.published.keys()].toSorted()).toEqual(['@identity/client', '@identity/core'])
    expect(registry.published.get('@identity/client')!.versions).toMatchObject({
      '0.2.0': { dependencies: { '@identity/core': '0.2.0', zod: '4.6.7' } },
    })
    expect(registry.contentOf('@identity/client')).toContain('The client says hello.')
    expect(project.git('log', '--format=%s %D', '-1')).toContain('Release 0.2.0 HEAD -> main, tag: v0.2.0')
    expect(project.git('status', '--porcelain')).toBe('')
  })

  it('that could not publish everything is taken up again', async () => {
    using project = createProject()
    await using registry = await startRegistry()
    project.write('.npmrc', registry.npmrc)
    registry.refused.add('@identity/client')
    const failed = await project.release()
    expect(failed.output).toContain('run this again')
    expect(failed.status).toBe(1)
    expect([...registry.published.keys()]).toEqual(['@identity/core'])
    expect(project.git('tag')).toBe('')

    registry.refused.clear()
    const { status } = await project.release()
    expect(status).toBe(0)
    expect(Object.keys(registry.published.get('@identity/client')!.versions)).toEqual(['0.2.0'])
    expect(project.git('tag')).toBe('v0.2.0')
    expect(project.git('log', '--format=%s')).toBe('Release 0.2.0\nBegin')

    expect((await project.release()).output).toContain('There is nothing to release')
  })

  it('is refused with every reason at once', async () => {
    using project = createProject()
    project.git('switch', '--quiet', '--create', 'feature')
    project.git('rm', '--quiet', '.changeset/a-greeting.md')
    project.write('api-changes.mjs', 'console.log("POST /identify: was removed"); process.exit(1)')
    const { status, output } = await project.release()
    expect(output).toContain('Releases are made from main; this is feature.')
    expect(output).toContain('The tree has changes that are not committed.')
    expect(output).toContain('There is nothing to release')
    expect(output).toContain('POST /identify: was removed')
    expect(status).toBe(1)
    expect(project.git('log', '--format=%s')).toBe('Begin')
  })

  it('that fails its checks publishes nothing, and says how to take it back', async () => {
    using project = createProject()
    await using registry = await startRegistry()
    project.write('.npmrc', registry.npmrc)
    project.write('package.json', project.git('show', 'HEAD:package.json').replace('node -e \\"\\"', 'false'))
    project.git('commit', '--quiet', '--all', '--message', 'A failing test')
    const { status, output } = await project.release()
    expect(output).toContain('Nothing is published or committed.')
    expect(status).toBe(1)
    expect(registry.published.size).toBe(0)
    project.git(.../git (restore .*)/.exec(output)![1]!.split(' '))
    expect(project.git('status', '--porcelain')).toBe('')
  })

  it('takes no other option, lest a misspelt one publishes', async () => {
    using project = createProject()
    const { status, output } = await project.release('--dryrun')
    expect(output).toContain('found --dryrun')
    expect(status).toBe(1)
  })
})
