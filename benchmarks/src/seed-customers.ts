import type { Contestant } from './contestants.ts'
import { Refusal } from './refusal.ts'
import { customerBody } from './request-stream.ts'

const AT_ONCE = 64

/**
 * Makes the customers known to the service, through its HTTP interface.
 * @throws Refusal where one is not answered well
 * @returns the answer for one of them, as the bare server is to give it
 */
export async function seedCustomers(service: Contestant, customers: number, signal: AbortSignal): Promise<string> {
  let next = 0
  async function work() {
    while (next < customers) await identify(service, next++, signal)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return identify(service, customers - 1, signal)
}

async function identify(service: Contestant, customer: number, signal: AbortSignal): Promise<string> {
  const response = await fetch(`${service.url}/identify`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: customerBody(customer),
    signal,
  })
  const answer = await response.text()
  if (!response.ok) throw new Refusal('the seeding', `status ${response.status}: ${answer}`, service.output())
  return answer
}
