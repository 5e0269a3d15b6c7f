import postgres from 'postgres'

/** One statement on a connection of its own. */
export async function sql(url: string, statement: string): Promise<Array<Record<string, unknown>>> {
  const client = postgres(url, { max: 1, onnotice: () => {} })
  try {
    return [...(await client.unsafe(statement))]
  } finally {
    await client.end()
  }
}

/** Writes a row that `readMark` finds again, if the data were kept. */
export async function leaveMark(url: string): Promise<void> {
  await sql(url, 'create table mark (value int)')
  await sql(url, 'insert into mark values (42)')
}

export async function readMark(url: string): Promise<unknown> {
  return (await sql(url, 'select value from mark'))[0]?.value
}
