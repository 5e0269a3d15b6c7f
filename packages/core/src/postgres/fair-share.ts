/**
 * So many contacts of large persons may be read for each request of others. A contact takes some 2 µs of the process, a
 * request 30 µs: large persons get about a twentieth of it while others want the rest (docs/performance.md).
 */
const CONTACTS_A_REQUEST = 1

/**
 * Keeps those who ask for persons of many contacts from taking the process away from all others: what they read is a
 * debt that others' requests pay off, and until then they wait. Only while there are others: nothing is ever idle for it.
 */
export class FairShare {
  #owedRequests = 0

  /** Notes contacts that were read for large persons. */
  charge(contactCount: number): void {
    this.#owedRequests += contactCount / CONTACTS_A_REQUEST
  }

  /** Notes requests of others that were served. */
  pay(requestCount: number): void {
    this.#owedRequests = Math.max(0, this.#owedRequests - requestCount)
  }

  /** Nobody else is there: what is owed is owed to nobody. */
  forgive(): void {
    this.#owedRequests = 0
  }

  get isPaid(): boolean {
    return this.#owedRequests === 0
  }
}
