import { IdentityError } from '@identity/core'
import type { IdentifyResponse } from '../types.ts'

/** @throws IdentityError `not_found` where there is nobody */
export function found(response: IdentifyResponse | null, otherwise: string): IdentifyResponse {
  if (response === null) throw new IdentityError('not_found', otherwise)
  return response
}
