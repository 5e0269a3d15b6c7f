import { lockDataDir } from '../../src/data-dir-lock.ts'

// Forked by `lock.test.ts`. Told a time, it tries to take the lock just then, and says whether it did; told anything
// else, it lets go.
let unlock = () => {}
process.on('message', (message) => {
  if (typeof message === 'number') process.send?.(lockAt(message))
  else {
    unlock()
    process.send?.('released')
  }
})
process.send?.('here')

function lockAt(timeMs: number): boolean {
  while (Date.now() < timeMs);
  try {
    unlock = lockDataDir(process.argv[2]!)
    return true
  } catch {
    unlock = () => {}
    return false
  }
}
