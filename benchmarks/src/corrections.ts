import postgres from 'postgres'
import { Refusal } from './refusal.ts'

/** Two persons of half of the contacts each: what merges, splits and erasures are about. */
export interface Pair {
  readonly firstId: number
  readonly half: number
  /** An e-mail of the one, and the phone number of the other: what merges them. */
  readonly body: string
}

const KINDS = ['merge', 'undo', 'split', 'erase'] as const

/** How often each was done, and how long it took on average, milliseconds. */
export type CorrectionTimes = Record<(typeof KINDS)[number], { readonly count: number; readonly meanMs: number }>

/** So many pairs as one after another, each gone at the end, need at the most. */
const SECONDS_A_PAIR = 1.2

/** Puts pairs into a service's database, enough to be corrected for so many seconds. @param contacts of a pair */
export async function seedPairs(url: string, run: number, contacts: number, seconds: number): Promise<Pair[]> {
  const half = contacts / 2
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  try {
    const [{ last }] = await sql<[{ last: number }]>`select max(id)::int as last from contact where workspace_id = 1`
    const pairs = Array.from({ length: Math.ceil(seconds / SECONDS_A_PAIR) }, (_, n): Pair => {
      const firstId = last + 1 + n * contacts
      const body = JSON.stringify({ email: emailOf(run, firstId), phoneNumber: phoneOf(run, firstId + half) })
      return { firstId, half, body }
    })
    const lastId = last + pairs.length * contacts
    await sql.unsafe(`
      insert into contact (workspace_id, id, email, phone_number, linked_id, link_precedence, claimed)
      select 1, n, 'pair${1000 + run}-' || n || '@shop.example', '+3${1000 + run}' || root, nullif(root, n),
        case when n = root then 'primary' else 'secondary' end, case when n = root then 'both' else 'email' end
      from (select n, n - (n - ${last + 1}) % ${half} as root from generate_series(${last + 1}, ${lastId}) n) as numbered;
      select setval('contact_id_seq', ${lastId})`)
    return pairs
  } finally {
    await sql.end({ timeout: 5 })
  }
}

const emailOf = (run: number, id: number) => `pair${1000 + run}-${id}@shop.example`
const phoneOf = (run: number, id: number) => `+3${1000 + run}${id}`

/**
 * Merges each pair, takes that back, merges it, splits it, merges it, and erases it, over HTTP, until it is told to stop.
 * @throws Refusal where one of these fails
 */
export async function correctOverAndOver(
  url: string,
  pairs: readonly Pair[],
  stopping: AbortSignal,
): Promise<CorrectionTimes> {
  const taken = { merge: [] as number[], undo: [] as number[], split: [] as number[], erase: [] as number[] }
  async function timed(kind: (typeof KINDS)[number], path: string, body: string): Promise<void> {
    if (stopping.aborted) return
    const startedMs = performance.now()
    await call(url, path, body)
    taken[kind].push(performance.now() - startedMs)
  }
  for (const { firstId, half, body } of pairs) {
    const merge = () => timed('merge', '/identify', body)
    await merge()
    const history = (await call(url, `/persons/${firstId}/history?limit=1000`)) as {
      events: Array<{ id: string; type: string }>
    }
    const eventId = history.events.findLast(({ type }) => type === 'persons.merged')?.id
    await timed('undo', '/merges/undo', JSON.stringify({ eventId }))
    await merge()
    const contactIds = Array.from({ length: half }, (_, n) => firstId + half + n)
    await timed('split', '/persons/split', JSON.stringify({ contactIds, keepApart: false }))
    await merge()
    await timed('erase', '/persons/erase', JSON.stringify({ contactId: firstId }))
    if (stopping.aborted) break
  }
  const timesOf = (ms: readonly number[]) => ({
    count: ms.length,
    meanMs: ms.reduce((sum, each) => sum + each, 0) / Math.max(1, ms.length),
  })
  return {
    merge: timesOf(taken.merge),
    undo: timesOf(taken.undo),
    split: timesOf(taken.split),
    erase: timesOf(taken.erase),
  }
}

/** How messages say it. */
export function sentenceOf(times: CorrectionTimes): string {
  return KINDS.map((kind) => `${kind} ${times[kind].count} × ${Math.round(times[kind].meanMs)} ms`).join(', ')
}

async function call(url: string, path: string, body?: string): Promise<unknown> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(url + path, body === undefined ? {} : { method: 'POST', headers, body })
  const answer = await response.text()
  if (!response.ok)
    throw new Refusal('the corrections', `${path} was answered ${response.status}: ${answer.slice(0, 300)}`)
  return JSON.parse(answer)
}
