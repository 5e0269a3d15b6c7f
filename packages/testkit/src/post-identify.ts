import type { IdentifyResponse } from '@identity/api'

/** Sends one order as any shop would, and gives back the answer. @throws Error on any status but 200 */
export async function postIdentify(url: string, body: unknown): Promise<IdentifyResponse['contact']> {
  const response = await fetch(`${url}/identify`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (response.status !== 200) throw new Error(`status ${response.status}: ${await response.text()}`)
  return ((await response.json()) as IdentifyResponse).contact
}
