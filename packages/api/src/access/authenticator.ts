import { IdentityError, type KeyHolder } from '@identity/core'
import { ANYONE, type Authenticate, type Principal } from './principal.ts'

/** Where keys are known. Both answer at once where they can. */
export interface KeyDirectory {
  /** The holder of a key, whatever text was sent as one; undefined where there is no such key. */
  find(key: string): KeyHolder | undefined | Promise<KeyHolder | undefined>
  /** True while anyone may call: no key was ever made. */
  isOpen(): boolean | Promise<boolean>
}

const BEARER = /^Bearer +(\S+) *$/i
const HOW = 'Send it as "Authorization: Bearer idk_…".'

const NO_KEY = `This service asks for an API key. ${HOW}`

/** The key decides the workspace and what may be done; without a key that works, only an open service lets in. */
export function authenticator(directory: KeyDirectory): Authenticate {
  function decide(holder: KeyHolder | undefined, refusal: string): Principal | Promise<Principal> {
    if (holder?.state === 'usable') return holder
    // One that worked once is refused also where the table has been emptied since.
    const why = holder ? `The API key idk_${holder.keyId} ${ENDED[holder.state]}. Ask for another one.` : refusal
    return then(directory.isOpen(), (isOpen) => {
      if (isOpen) return ANYONE
      throw new IdentityError('unauthenticated', why)
    })
  }

  return (authorization) => {
    if (authorization === undefined) return decide(undefined, NO_KEY)
    const key = BEARER.exec(authorization)?.[1]
    if (key === undefined) return decide(undefined, `Authorization holds something else than an API key. ${HOW}`)
    const refusal = 'This API key is not known here. Check that it is whole, and one of this service.'
    return then(directory.find(key), (holder) => decide(holder, refusal))
  }
}

const ENDED = { revoked: 'was revoked', expired: 'has expired' } as const

/** Goes on at once where there is nothing to wait for: a promise for each request is not free. */
function then<T, R>(value: T | Promise<T>, next: (value: T) => R | Promise<R>): R | Promise<R> {
  return value instanceof Promise ? value.then(next) : next(value)
}
