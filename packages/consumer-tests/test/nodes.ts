import { delimiter, join } from 'node:path'
import { isExecutable } from '@identity/testkit'

export interface Node {
  readonly name: string
  /** The program's path; undefined where this machine has none. */
  readonly path: string | undefined
}

/** What consumers' programs run on: the Node that this repository pins, and the one that the machine came with. */
export const NODES: readonly Node[] = [
  { name: 'the pinned Node', path: process.execPath },
  { name: "the machine's Node", path: machineNode() },
]

function machineNode(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'))
  return folders.map((folder) => join(folder, 'node')).find(isExecutable)
}
