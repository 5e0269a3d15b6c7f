import { isIP } from 'node:net'
import { isLoopback } from '../loopback.ts'
import { isPublicAddress } from './public-address.ts'

/** Whether events may go to an address, as far as it tells by itself: a name is judged when it is looked up. */
export function isAllowedUrl({ protocol, hostname }: URL): boolean {
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  if (protocol !== 'https:' || isLoopback(host)) return false
  return isIP(host) === 0 || isPublicAddress(host)
}
