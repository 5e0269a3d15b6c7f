import type { RecordedEvent } from '../event.ts'
import type { ExplainEnd, Explanation } from '../explain.ts'
import { explainEnds, historyOf, personAsOf, type Records } from '../inquire.ts'
import type { Inquiries, PastPerson } from '../inquiries.ts'
import type { EventQuery } from '../store.ts'
import { Batcher, type Job, lastExpiryMs } from './batcher.ts'
import type { Client } from './client.ts'
import { eventsAbout, placeAll } from './events/events-about.ts'
import { inWorkspace } from './isolation.ts'
import type { Pool } from './pool.ts'
import { type RetryEvent, withRetry } from './retry.ts'
import { readBridges } from './statements/read-bridges.ts'
import { readChangeAges } from './statements/read-change-ages.ts'
import { readPersons, readPersonsOfContacts } from './statements/read-persons.ts'
import { commit } from './transaction.ts'

export interface PostgresInquiriesOptions {
  readonly maxQueued: number
  readonly timeoutMs: number
  readonly onRetry?: ((event: RetryEvent) => void) | undefined
}

interface InquiryJob extends Job {
  run(deadlineMs: number): Promise<void>
}

/** Questions about persons and their past, one at a time on one connection, each answered from one snapshot. */
export class PostgresInquiries implements Inquiries {
  readonly #pool: Pool
  readonly #options: PostgresInquiriesOptions
  readonly #batcher: Batcher<InquiryJob>

  constructor(pool: Pool, options: PostgresInquiriesOptions) {
    this.#pool = pool
    this.#options = options
    const run = async (_: number, jobs: InquiryJob[]) => {
      for (const job of jobs) await job.run(lastExpiryMs(jobs))
    }
    this.#batcher = new Batcher({ phase: 'lookup', lanes: 1, maxBatchSize: 1, maxQueued: options.maxQueued, run })
  }

  explain(workspaceId: number, from: ExplainEnd, to: ExplainEnd): Promise<Explanation> {
    return this.#ask(workspaceId, (records) => explainEnds(records, from, to))
  }

  history(workspaceId: number, contactId: number, query: EventQuery): Promise<RecordedEvent[]> {
    return this.#ask(workspaceId, (records) => historyOf(records, contactId, query))
  }

  asOf(workspaceId: number, contactId: number, at: Date): Promise<PastPerson> {
    return this.#ask(workspaceId, (records) => personAsOf(records, contactId, at))
  }

  #ask<T>(workspaceId: number, question: (records: Records) => Promise<T>): Promise<T> {
    const { timeoutMs, onRetry } = this.#options
    const answer = () =>
      inWorkspace(this.#pool, workspaceId, async (client) => {
        await placeAll(client, workspaceId)
        await client`begin isolation level repeatable read read only`
        const answered = await question(recordsOf(client, workspaceId))
        await commit(client)
        return answered
      })
    return new Promise((resolve, reject) => {
      const run = async (deadlineMs: number) => resolve(await withRetry(answer, { deadlineMs, onRetry }))
      this.#batcher.push({ workspaceId, size: 1, expiresAtMs: Date.now() + timeoutMs, run, reject })
    })
  }
}

function recordsOf(client: Client, workspaceId: number): Records {
  return {
    contactsOf: (contactIds) => readPersonsOfContacts(client, workspaceId, contactIds),
    contactsWith: (identifier) => readPersons(client, workspaceId, [identifier]),
    bridgesOf: (contactIds) => readBridges(client, workspaceId, contactIds),
    async eventsAbout(contactIds) {
      const events: RecordedEvent[] = []
      for await (const page of eventsAbout(client, workspaceId, contactIds, () => true)) events.push(...page)
      return events
    },
    async logBeginsAt() {
      const [oldest] = await readChangeAges(client, workspaceId, 1)
      return oldest?.at ?? null
    },
  }
}
