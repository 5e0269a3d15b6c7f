import { openClient } from '@identity/core/postgres'
import type { Load } from '../load.ts'
import { requestStream } from '../request-stream.ts'
import { closedLoop } from './closed-loop.ts'

/*
 * A process: one prepared statement a request, and nothing else: every contact of the person behind an e-mail and a
 * phone number. It is written here a second time, so that it stays the same when the service's own changes.
 */

const load = JSON.parse(process.argv[2]!) as Load
const nextBody = requestStream(load)
const clients = Array.from({ length: load.connections }, () => openClient(load.url))

const result = await closedLoop(load, async () => {
  const { email, phoneNumber } = JSON.parse(nextBody()) as { email: string; phoneNumber: string }
  const sql = clients.pop()!
  await sql`
    with root as materialized (
      select coalesce(linked_id, id) as id from contact
      where workspace_id = 1 and email = ${email} and claimed in ('email', 'both')
      union
      select coalesce(linked_id, id) as id from contact
      where workspace_id = 1 and phone_number = ${phoneNumber} and claimed in ('phone', 'both')
    )
    select contact.* from root join contact on workspace_id = 1 and contact.id = root.id
    union all
    select contact.* from root join contact on workspace_id = 1 and linked_id = root.id`
  clients.push(sql)
})
await Promise.all(clients.map((client) => client.end()))
console.log(JSON.stringify(result))
