import { json } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { serve } from '@identity/testkit'

interface Publication {
  name: string
  versions: Record<string, { dependencies?: Record<string, string> }>
  _attachments: Record<string, { data: string }>
}

/** A package registry with the two calls that publishing needs: look a package up, put one in. */
export async function startRegistry() {
  const published = new Map<string, Publication>()
  const refused = new Set<string>()
  const server = await serve(async (request, response) => {
    const name = decodeURIComponent(request.url!.slice(1))
    const answer = (status: number, body: object) => response.writeHead(status).end(JSON.stringify(body))
    if (request.method === 'GET') {
      const found = published.get(name)
      return found ? answer(200, found) : answer(404, { error: 'not found' })
    }
    const publication = (await json(request)) as Publication
    if (refused.has(name)) return answer(403, { error: `you may not publish ${name}` })
    published.set(name, publication)
    return answer(201, {})
  })
  const { host } = new URL(server.url)
  return {
    /** Settings that lead a package manager here. */
    npmrc: `registry=http://${host}/\n@identity:registry=http://${host}/\n//${host}/:_authToken=test\n`,
    published,
    /** Names that may not be published. */
    refused,
    /** The text of what was uploaded, unpacked. */
    contentOf(name: string): string {
      const [attachment] = Object.values(published.get(name)!._attachments)
      return gunzipSync(Buffer.from(attachment!.data, 'base64')).toString()
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}
