import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Order, orders } from '@identity/testkit'

/** A folder of one test's own. Use with `using`. */
export interface Folder extends Disposable {
  readonly path: string
  /** Writes a file in it. @returns its path */
  write(name: string, content: string | Uint8Array): string
}

export function temporaryFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), 'identity-cli-'))
  return {
    path,
    write(name, content) {
      const file = join(path, name)
      writeFileSync(file, content)
      return file
    },
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  }
}

export function ndjsonOf(list: readonly Order[] = orders()): string {
  return list.map((order) => `${JSON.stringify(order)}\n`).join('')
}

/** @param header order id, time, e-mail, phone */
export function csvOf(list: readonly Order[] = orders(), header = 'order_id,ordered_at,email,phone_number'): string {
  const rows = list.map(({ orderId, orderedAt, email, phoneNumber }) =>
    [orderId, orderedAt, email, phoneNumber].map(quoted).join(),
  )
  return [header, ...rows, ''].join('\n')
}

function quoted(value: unknown): string {
  const text = String(value ?? '')
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
