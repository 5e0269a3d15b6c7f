import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/*
 * A process: the least that a server in Node.js can do with such a request. It reads the body, parses it, and gives
 * the answer that it got as its first argument.
 */

const answer = process.argv[2]!
const headers = { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(answer) }

const server = createServer((request, response) => {
  let body = ''
  request.on('data', (chunk: Buffer) => {
    body += chunk.toString()
  })
  request.on('end', () => {
    JSON.parse(body)
    response.writeHead(200, headers).end(answer)
  })
})
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  process.send!(`http://127.0.0.1:${port}`)
})
// Not left behind by a parent that was killed.
process.once('disconnect', () => process.exit())
