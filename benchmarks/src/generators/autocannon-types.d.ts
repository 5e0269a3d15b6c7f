/** The part of autocannon that is used here; it brings no types of its own. */
declare module 'autocannon' {
  export interface Client {
    setBody(body: string): void
    on(event: 'response', listener: () => void): void
  }

  export interface Options {
    url: string
    method: string
    headers: Record<string, string>
    connections: number
    /** Seconds. */
    duration: number
    /** Seconds. */
    timeout: number
    setupClient: (client: Client) => void
  }

  export interface Result {
    /** Seconds. */
    duration: number
    /** Timeouts included. */
    errors: number
    timeouts: number
    non2xx: number
  }

  export interface Instance extends PromiseLike<Result> {
    on(
      event: 'response',
      listener: (client: Client, statusCode: number, bytes: number, latencyMs: number) => void,
    ): void
  }

  export default function autocannon(options: Options): Instance
}
