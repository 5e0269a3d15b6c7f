import { readFileSync } from 'node:fs'
import { checkPackage, createPackageFromTarballData, type Problem } from '@arethetypeswrong/core'
import { type Message, publint } from 'publint'
import type { PackedPackage } from './pack.ts'

/**
 * Ways to import that are not offered: the packages are ES modules, and `moduleResolution: node10` knows no `exports`.
 * (This is are-the-types-wrong's profile "esm-only".)
 */
const NOT_OFFERED = ['node10', 'node16-cjs']

/** What publint and are-the-types-wrong find in a tarball. */
export async function findingsIn({ tarball }: PackedPackage): Promise<Array<Message | Problem>> {
  const data = new Uint8Array(readFileSync(tarball))
  const { messages } = await publint({ pack: { tarball: data.buffer }, strict: true })
  const analysis = await checkPackage(createPackageFromTarballData(data))
  if (!analysis.types) throw new Error('the tarball contains no types')
  const problems = analysis.problems.filter(
    (problem) => !('resolutionKind' in problem && NOT_OFFERED.includes(problem.resolutionKind)),
  )
  return [...messages, ...problems]
}

/** What in a tarball is neither built, nor one of these, nor a document that every package has. */
export function strayFilesIn({ files }: PackedPackage, others: RegExp): string[] {
  return files.filter(
    (file) =>
      !/^dist\/.*\.(js|d\.ts)$|^(package\.json|LICENSE|README\.md|CHANGELOG\.md)$/.test(file) && !others.test(file),
  )
}
