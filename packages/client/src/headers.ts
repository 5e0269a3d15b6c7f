import type { IdentityClientOptions, RequestHeaders } from './create-client.ts'
import { IdentityClientError } from './error.ts'

/**
 * The headers of each HTTP request: the caller's own, which may replace the API key's.
 * @throws TypeError where the API key is empty, as an environment variable may be
 */
export function checkedHeaders({ apiKey, headers = {} }: IdentityClientOptions): () => Promise<RequestHeaders> {
  if (apiKey?.trim() === '') throw new TypeError('apiKey must not be empty. Leave it out where there is none.')
  const own: RequestHeaders = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }
  return async () => {
    const given = typeof headers === 'function' ? await callersHeaders(headers) : headers
    try {
      return Object.fromEntries(new Headers({ ...own, ...lowerCased(given) }))
    } catch {
      // The cause would quote the value, which may be a secret.
      const message = 'apiKey or headers hold a name or a value that HTTP does not allow, such as a line break.'
      throw new IdentityClientError('invalid_call', message)
    }
  }
}

async function callersHeaders(headers: () => RequestHeaders | Promise<RequestHeaders>): Promise<RequestHeaders> {
  try {
    return await headers()
  } catch (cause) {
    throw new IdentityClientError('invalid_call', 'The headers function failed; the cause says why.', { cause })
  }
}

function lowerCased(headers: RequestHeaders): RequestHeaders {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}
