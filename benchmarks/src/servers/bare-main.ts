import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/*
 * A process: the least that a server in Node.js can do with such a request. It reads the body, parses it, and gives
 * the answer in its environment.
 */

const answer = process.env.ANSWER!
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
  console.log(`The bare server is listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
