import { type Finding, INVARIANTS, type Verification } from '@identity/core/postgres'
import { counted, grouped } from '../terminal/figures.ts'

const MARKS = { fault: '✗', warning: '!', information: 'i' } as const

/** A line for each invariant, with the first contacts that break it, and one for the whole. */
export function linesOf({ holds, contacts, identifiers, findings }: Verification): string[] {
  const seen = `${counted(contacts, 'contact')} and ${counted(identifiers, 'identifier')}`
  return [...findings.flatMap(linesOfOne), holds ? `All holds: ${seen}.` : `Faults were found in ${seen}.`]
}

function linesOfOne({ name, sentence, level, count, examples }: Finding): string[] {
  if (count === 0) return [`✓ ${sentence}`]
  const invariant = INVARIANTS[name]
  const what = 'advice' in invariant ? invariant.advice : 'identity repair repairs it.'
  const lines = [`${MARKS[level]} ${sentence} Not so: ${grouped(count)}. ${what}`]
  for (const workspaceId of new Set(examples.map((example) => example.workspaceId))) {
    const ids = examples.filter((example) => example.workspaceId === workspaceId).map(({ contactId }) => contactId)
    lines.push(`    workspace ${workspaceId}, contacts ${ids.join(', ')}${count > examples.length ? ', …' : ''}`)
  }
  return lines
}
