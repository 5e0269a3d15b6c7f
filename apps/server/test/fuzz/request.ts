/** A request as it is sent: nothing that a fuzzer makes up is too wrong to be one. */
export interface RawRequest {
  readonly method: string
  readonly path: string
  /** Lines of the head, without Host and Content-Length, which are added. */
  readonly headers: readonly string[]
  /** Undefined: none, and no Content-Length. */
  readonly body: Buffer | undefined
}

/** The bytes of a request that is framed rightly, whatever is in it. */
export function bytesOf({ method, path, headers, body }: RawRequest): Buffer {
  const lines = [`${method} ${path} HTTP/1.1`, 'Host: fuzz', ...headers]
  if (body) lines.push(`Content-Length: ${body.length}`)
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
  return body ? Buffer.concat([head, body]) : head
}
