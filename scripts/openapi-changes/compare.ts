import { breaking, type Change, compatible, under } from './change.ts'
import type { Document } from './document.ts'
import { operationChanges } from './operations.ts'

/** What changed for those who call the API; the words of descriptions and examples do not count. */
export function compareOpenApi(before: Document, after: Document): Change[] {
  return [...under('servers', serverChanges(before, after)), ...operationChanges({ before, after })]
}

function* serverChanges(before: Document, after: Document): Generator<Change> {
  const [olds, news] = [before, after].map(({ servers = [] }) => servers.map(({ url }) => url)) as [string[], string[]]
  for (const url of olds) if (!news.includes(url)) yield breaking(`${url} was removed`)
  for (const url of news) if (!olds.includes(url)) yield compatible(`${url} is new`)
}
