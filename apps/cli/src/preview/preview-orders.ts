import type { CanonicalRequest } from '@identity/core'
import { bulkForesee, type ForeseenRequest, openClient } from '@identity/core/postgres'
import { openCommandDatabase } from '../database/command-database.ts'
import { workspaceNamed } from '../database/workspace-named.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import type { ReadOptions } from '../orders/file-options.ts'
import { type Refusal, readOrder } from '../orders/read-order.ts'
import { rowsOf } from '../orders/rows.ts'
import { Source } from '../orders/source.ts'
import type { Context } from '../run.ts'

export interface PreviewOptions extends ReadOptions {
  readonly workspace: string
  readonly isJson: boolean
}

/** Says of each row what would become of it. */
export async function previewOrders(options: PreviewOptions, { env, signal }: Context): Promise<ExitCode> {
  await using database = await openCommandDatabase(env)
  const workspaceId = await workspaceNamed(options.workspace, database.url)
  const client = openClient(database.url, { statementTimeoutMs: 0 })
  const say = options.isJson
    ? (line: OrderLine) => console.log(JSON.stringify(line))
    : (line: OrderLine) => console.log(textOf(line))
  /** The line of each order that could be read. */
  const lines: number[] = []
  /** The rows of the chunk under way that could not be read: they are said in their places among its orders. */
  const refused: Refusal[] = []
  let refusals = 0
  async function* requests(): AsyncGenerator<CanonicalRequest[]> {
    for await (const rows of rowsOf(new Source(options.file).text(), options)) {
      signal.throwIfAborted()
      const read: CanonicalRequest[] = []
      for (const row of rows) {
        const order = readOrder(row, options.region)
        if ('reason' in order) {
          refusals++
          refused.push(order)
          continue
        }
        lines.push(row.line)
        read.push(Number.isNaN(order.timeMs) ? order.request : { ...order.request, createdAt: new Date(order.timeMs) })
      }
      yield read
    }
  }
  try {
    let place = 0
    for await (const foreseen of bulkForesee(client, workspaceId, requests())) {
      const orders = foreseen.map(({ madeBy, ...order }) => ({
        line: lines[place++]!,
        ...order,
        personOfLine: madeBy === null ? null : lines[madeBy]!,
      }))
      for (const order of [...refused.splice(0), ...orders].sort((one, other) => one.line - other.line)) say(order)
    }
  } finally {
    await client.end({ timeout: 1 })
  }
  return refusals > 0 ? EXIT.someRefused : EXIT.ok
}

/** A row that cannot be taken, or what would become of its order. */
type OrderLine =
  | Refusal
  | (Omit<ForeseenRequest, 'madeBy'> & {
      readonly line: number
      /** Where the person is not there yet: the line whose order would make it. */
      readonly personOfLine: number | null
    })

function textOf(order: OrderLine): string {
  // The reason quotes values; the file has them, too.
  if ('reason' in order) return `${order.line}\trow refused\t${order.reason}`
  const { line, outcome, personId, personOfLine, movedContactIds, refusal } = order
  const person =
    personId === null ? (personOfLine === null ? 'nobody' : `new, of line ${personOfLine}`) : `person ${personId}`
  const more = refusal ?? (movedContactIds.length > 0 ? `moves ${movedContactIds.join(', ')}` : '')
  return [line, outcome, person, more].join('\t').trimEnd()
}
