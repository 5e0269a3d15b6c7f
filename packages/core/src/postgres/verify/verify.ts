import type { Client } from '../client.ts'
import { countRows } from '../statements/count-rows.ts'
import { listWorkspaceIds } from '../statements/list-workspace-ids.ts'
import { commit } from '../transaction.ts'
import { INVARIANT_NAMES, INVARIANTS, type InvariantName, type Level } from './invariants.ts'
import { checkedPages } from './pages.ts'

const PAGE_SIZE = 1_000
const EXAMPLES = 10

export interface VerifyOptions {
  /** The workspace to look at. @default all of them, and whatever is of none */
  readonly workspaceId?: number | undefined
  /** How many rows are looked at together. @default 1,000 */
  readonly pageSize?: number
  readonly onProgress?: ((progress: VerifyProgress) => void) | undefined
}

/** How far it has come: every contact counts twice, as it is looked at once by itself and once with its person. */
export interface VerifyProgress {
  readonly rows: number
  readonly rowsTotal: number
}

/** What became of one invariant. */
export interface Finding {
  readonly name: InvariantName
  readonly sentence: string
  readonly level: Level
  /** How many rows break it. */
  readonly count: number
  /** The first few contacts that do, by id alone. */
  readonly examples: ReadonlyArray<{ readonly workspaceId: number; readonly contactId: number }>
}

export interface Verification {
  /** True where no invariant is broken but such as only warn or inform. */
  readonly holds: boolean
  readonly contacts: number
  /** Values that contacts claim. */
  readonly identifiers: number
  readonly findings: readonly Finding[]
}

/**
 * Proves the invariants on a live database: from one snapshot, read only, a page of rows in memory at a time.
 * @param client one of its own, without a limit on how long a transaction may take
 */
export async function verify(client: Client, options: VerifyOptions = {}): Promise<Verification> {
  await client`begin isolation level repeatable read read only`
  try {
    return await verifySnapshot(client, options)
  } finally {
    await commit(client).catch(() => {})
  }
}

async function verifySnapshot(
  client: Client,
  { workspaceId, pageSize = PAGE_SIZE, onProgress }: VerifyOptions,
): Promise<Verification> {
  const workspaceIds = workspaceId === undefined ? await listWorkspaceIds(client) : [workspaceId]
  let [contacts, identifiers, rows] = [0, 0, 0]
  for (const id of workspaceIds) {
    const counts = await countRows(client, id)
    contacts += counts.contacts
    identifiers += counts.identifiers
  }
  const found = new Map(
    INVARIANT_NAMES.map((name) => [name, { count: 0, examples: [] as Finding['examples'][number][] }]),
  )
  for (const id of workspaceIds) {
    for await (const page of checkedPages(client, id, pageSize)) {
      rows += page.rows
      for (const [name, contactIds] of page.breaches) {
        const finding = found.get(name)!
        finding.count += contactIds.length
        const room = EXAMPLES - finding.examples.length
        finding.examples.push(...contactIds.slice(0, room).map((contactId) => ({ workspaceId: id, contactId })))
      }
      onProgress?.({ rows, rowsTotal: 2 * contacts })
    }
  }
  const findings = INVARIANT_NAMES.map((name): Finding => {
    const { sentence, level } = INVARIANTS[name]
    return { name, sentence, level, ...found.get(name)! }
  })
  const holds = findings.every(({ level, count }) => level !== 'fault' || count === 0)
  return { holds, contacts, identifiers, findings }
}
