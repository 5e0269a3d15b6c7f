import type { KeyHolder } from '../../access.ts'
import { FreshCopies, type FreshCopiesOptions } from '../fresh-copies.ts'
import type { Pool } from '../pool.ts'
import { hasKeys, readKeys } from './read-keys.ts'

export type KeyRingOptions = FreshCopiesOptions

const MAX_HASHES_A_READ = 500
/** The question whether there are keys, which is asked with those for keys: no hash is empty. */
const ANY_KEY = ''

/**
 * Keys as the database had them less than a second ago. Their `maxAgeMs`, with the time that a request takes, is how late
 * a revocation may come.
 */
export class KeyRing {
  readonly #pool: Pool
  readonly #copies: FreshCopies<string, KeyHolder | boolean>

  constructor(pool: Pool, options: KeyRingOptions = {}) {
    this.#pool = pool
    this.#copies = new FreshCopies((hashes) => this.#ask(hashes), options)
  }

  /**
   * The holder of a key; undefined where there is no such key. At once where it was read lately.
   * @throws IdentityError `unavailable`
   */
  find(hash: string): KeyHolder | undefined | Promise<KeyHolder | undefined> {
    return this.#copies.find(hash) as KeyHolder | undefined | Promise<KeyHolder | undefined>
  }

  /** True once any key was made, whatever became of it. @throws IdentityError `unavailable` */
  hasKeys(): boolean | Promise<boolean> {
    return this.#copies.find(ANY_KEY) as boolean | Promise<boolean>
  }

  #ask(hashes: readonly string[]): Promise<Map<string, KeyHolder | boolean>> {
    const chunks = Array.from({ length: Math.ceil(hashes.length / MAX_HASHES_A_READ) }, (_, n) =>
      hashes.slice(n * MAX_HASHES_A_READ, (n + 1) * MAX_HASHES_A_READ),
    )
    return this.#pool.use(async (client) => {
      const [any, ...holders] = await Promise.all([hasKeys(client), ...chunks.map((chunk) => readKeys(client, chunk))])
      return new Map<string, KeyHolder | boolean>([...holders.flatMap((found) => [...found]), [ANY_KEY, any]])
    })
  }
}
