import { findWorkspace, openClient } from '@identity/core/postgres'
import { Failure } from '../failure.ts'

/** The id of the workspace that a command is about. @throws Failure where there is none of that name */
export async function workspaceNamed(name: string, databaseUrl: string): Promise<number> {
  const client = openClient(databaseUrl)
  try {
    const workspace = await findWorkspace(client, name)
    if (workspace) return workspace.id
  } finally {
    await client.end({ timeout: 1 })
  }
  const shown = JSON.stringify(name)
  throw new Failure(
    `There is no workspace ${shown}. identity workspaces list shows those there are; keys create makes one.`,
  )
}
