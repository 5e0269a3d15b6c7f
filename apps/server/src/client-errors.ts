import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { ProblemDocument } from '@identity/api'

/** What Node's HTTP parser refuses, before there is a request: by its code. */
const PROBLEMS: Readonly<Record<string, Pick<ProblemDocument, 'status' | 'code' | 'detail'>>> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    code: 'headers_too_large',
    detail: 'The request line and headers are too large. Send less of them, and long queries in a body.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    code: 'request_timeout',
    detail: 'The request did not arrive in time. Send it again, faster.',
  },
}
const MALFORMED = { status: 400, code: 'invalid_request', detail: 'This is not valid HTTP.' }

/**
 * Tells the client in a problem document (RFC 9457), as all else does, and closes the connection.
 * @returns the code it was told; undefined where nothing was
 */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): string | undefined {
  // Nobody is there any more, or half an answer is out: more bytes would be taken for the rest of it.
  const isAnswering = (socket as { _httpMessage?: { headersSent?: boolean } })._httpMessage?.headersSent
  if (error.code === 'ECONNRESET' || !socket.writable || isAnswering) {
    socket.destroy()
    return undefined
  }
  const { status, code, detail } = PROBLEMS[error.code ?? ''] ?? MALFORMED
  const title = STATUS_CODES[status]!
  const body = JSON.stringify({ type: 'about:blank', title, status, code, detail } satisfies ProblemDocument)
  socket.end(
    [
      `HTTP/1.1 ${status} ${title}`,
      'Content-Type: application/problem+json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Cache-Control: no-store',
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
    () => socket.destroy(),
  )
  return code
}
