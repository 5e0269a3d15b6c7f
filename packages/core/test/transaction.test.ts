import { expect, it } from 'vitest'
import { inOneGo } from '../src/postgres/transaction.ts'

it('of statements sent in one go, the first that failed says why, whichever is heard of first', async () => {
  const { promise: deadlock, reject } = Promise.withResolvers<never>()
  const rolledBack = Promise.reject(new Error('COMMIT was answered by ROLLBACK'))
  const sent = inOneGo([false, Promise.resolve(), deadlock, rolledBack])
  await rolledBack.catch(() => {})
  reject(new Error('deadlock detected'))
  await expect(sent).rejects.toThrow('deadlock detected')
})

it('is done when all are done', async () => {
  await expect(inOneGo([false, Promise.resolve(1)])).resolves.toBeUndefined()
})
