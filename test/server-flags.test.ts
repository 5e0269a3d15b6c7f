import { readFileSync } from 'node:fs'
import { SERVER_NODE_FLAGS } from '@identity/testkit'
import { expect, it } from 'vitest'

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')

it('npm start, the image, and the servers of tests and benchmarks give Node the same flags', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: { start: string } }
  const [, command] = /^CMD (\[.*\])$/m.exec(read('Dockerfile'))!
  const flags = scripts.start.split(' ').filter((word) => word.startsWith('--') && !word.startsWith('--conditions'))
  expect(flags).toEqual(SERVER_NODE_FLAGS)
  expect((JSON.parse(command!) as string[]).filter((word) => word.startsWith('--'))).toEqual(SERVER_NODE_FLAGS)
})
