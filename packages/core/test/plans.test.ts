import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { type PlanNode, planStatements, type StatementPlans } from './statement-plans.ts'

const STATEMENTS = join(import.meta.dirname, '../src/postgres/statements')

/** Those that nothing here sends: they set the sequence, or are about one row, or about rules, which a workspace has few of. */
const NOT_SENT: ReadonlySet<string> = new Set([
  ...['catch-up-sequence', 'pass-sequence', 'draw-stamp', 'has-change', 'has-trace', 'read-transaction-status'],
  ...['delete-block-rule', 'insert-block-rule', 'list-pending-workspaces', 'touch-policy', 'write-policy'],
  ...['delete-separation', 'expect-separations', 'read-serving-state'],
])

/** Tables of which a workspace has one row, or few. */
const FEW_A_WORKSPACE: ReadonlySet<string> = new Set(['policy', 'block_rule', 'event_head', 'webhook_endpoint'])

/** Those that are about a whole workspace, or all workspaces. */
const ABOUT_ALL: ReadonlySet<string> = new Set(['is-workspace-empty', 'count-rows', 'list-workspace-ids'])

/** Those that read in the order of an index, and no further than what is asked for. */
const IN_ORDER: Readonly<Record<string, readonly string[]>> = {
  'read-changes': ['change_position_key'],
  'read-event-head': ['change_pending_idx', 'event_head_pkey'],
  'lock-event-head': ['event_head_pkey'],
  'place-changes': ['change_pending_idx', 'change_workspace_id_id_pk', 'event_head_pkey'],
  'advance-event-head': ['change_position_key', 'event_head_pkey'],
  'read-change-ages': ['change_position_key'],
  'read-pending-age': ['change_pending_idx'],
  'delete-changes': ['change_position_key'],
  'delete-subjects': ['change_position_key', 'subject_change_id_idx'],
  'read-requested-retries': ['webhook_dead_letter_retry_idx'],
  'read-webhook-workspaces': ['workspace_has_webhooks_idx'],
}

/** The planner skips over the column between the two that are asked for, and reads what a workspace has of the index. */
const SKIPS: ReadonlySet<string> = new Set(['read-bridges'])

let planned: StatementPlans

beforeAll(async () => {
  planned = await planStatements()
})

it('every statement there is has been planned', () => {
  const texts = globSync('*.ts', { cwd: STATEMENTS }).map((file) => readFileSync(join(STATEMENTS, file), 'utf8'))
  const names = texts.flatMap((text) => [...text.matchAll(/identity:([a-z-]+[a-z])\b/g)].map(([, name]) => name!))
  const left = names.filter((name) => name !== 'check' && !planned.plans.has(name) && !NOT_SENT.has(name))
  expect(left).toEqual([])
  expect(names.length).toBeGreaterThan(80)
})

it.each(['plans', 'laterPlans'] as const)(
  'on tables that were never analysed, each looks rows up by a key: %s',
  (which) => {
    const breaches = [...planned[which]].flatMap(([name, plan]) =>
      ABOUT_ALL.has(name) || name in IN_ORDER ? [] : scansOf(plan).flatMap((scan) => breachesOf(name, scan)),
    )
    expect(breaches).toEqual([])
  },
)

it.each(Object.entries(IN_ORDER))('%s reads %j', (name, indexes) => {
  const scans = scansOf(planned.plans.get(name)!)
  expect(scans.map((scan) => scan['Index Name']).toSorted()).toEqual(indexes)
  const ofWorkspaces = scans.filter((scan) => scan['Relation Name'] !== 'workspace')
  expect(ofWorkspaces.every((scan) => /workspace_id/.test(scan['Index Cond'] ?? ''))).toBe(true)
})

// Beside persons of thousands of contacts, that made reading a whole workspace look cheaper than to look rows up.
it('no statement is shared out to several processes', () => {
  const shared = [...planned.plansToShare].filter(([, plan]) =>
    nodesOf(plan).some((node) => /^Gather/.test(node['Node Type'])),
  )
  expect(shared.map(([name]) => name)).toEqual([])
})

/** What is wrong with how rows are found: the condition must be on the first columns of an index, and on more than the workspace. */
function breachesOf(name: string, scan: PlanNode): string[] {
  const { 'Node Type': type, 'Relation Name': table, 'Index Name': index = 'none', 'Index Cond': condition = '' } = scan
  const isBound = (column: string) => new RegExp(`\\b${column}\\b`).test(condition)
  const columns = planned.indexes.get(index) ?? []
  const bound = columns.filter(isBound)
  const isPrefix = columns.slice(0, bound.length).every(isBound) || SKIPS.has(name)
  const isEnough = bound.length >= Math.min(FEW_A_WORKSPACE.has(table!) ? 1 : 2, columns.length)
  if (/^Index (Only )?Scan$/.test(type) && bound.length > 0 && isPrefix && isEnough) return []
  return [`${name}: ${type} of ${table} by ${index} where ${condition}`]
}

/** The scans of the service's own tables. */
function scansOf(plan: PlanNode): PlanNode[] {
  return nodesOf(plan).filter(
    (node) => /Scan/.test(node['Node Type']) && !(node['Relation Name'] ?? 'pg_').startsWith('pg_'),
  )
}

function nodesOf(plan: PlanNode): PlanNode[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)]
}
