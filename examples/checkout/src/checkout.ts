import { type IdentityClient, IdentityClientError, type Person } from '@identity/client'

/** An order as the shop's page sends it. */
export interface Order {
  orderId: string
  email?: string | null | undefined
  phoneNumber?: string | null | undefined
}

export interface PlacedOrder extends Order {
  /** Who placed it; null where that is still to be found out. */
  customerId: number | null
  /** True where the customer has ordered before, under whatever e-mail or phone. */
  isReturning: boolean
}

/** What is wrong with the contact details, by field, for the page to show. */
export class ContactDetailsError extends Error {
  readonly fields: Readonly<Record<string, string>>

  constructor(fields: Readonly<Record<string, string>>) {
    super('The contact details are not valid.')
    this.fields = fields
  }
}

/**
 * Takes orders and finds out who placed them. A customer's typing mistake is told to the customer. An identity service
 * that is away costs no order: it is taken without a customer, and `identifyLater` does the rest.
 */
export class Checkout {
  readonly #identity: IdentityClient
  readonly #orders = new Map<string, PlacedOrder>()
  readonly #knownContactIds = new Set<number>()

  constructor(identity: IdentityClient) {
    this.#identity = identity
  }

  /** @throws ContactDetailsError */
  async place(order: Order): Promise<PlacedOrder> {
    const { email, phoneNumber } = order
    try {
      const { contact } = await this.#identity.identify.mutate({ email, phoneNumber })
      return this.#keep(order, contact)
    } catch (error) {
      if (!(error instanceof IdentityClientError)) throw error
      if (error.code === 'invalid_request') {
        throw new ContactDetailsError(Object.fromEntries(error.problems.map(({ field, detail }) => [field, detail])))
      }
      console.warn(`order ${order.orderId} is taken without a customer: ${error.message}`)
      return this.#keep(order, null)
    }
  }

  /** Finds the customers of up to 1,000 orders that were taken without. @returns how many are left */
  async identifyLater(): Promise<number> {
    const waiting = [...this.#orders.values()].filter(({ customerId }) => customerId === null)
    const orders = waiting.slice(0, 1_000)
    const results = await this.#identity.identifyMany.mutate(
      orders.map(({ email, phoneNumber }) => ({ email, phoneNumber })),
    )
    const identified = results.filter((result, index) => {
      if (result.status === 'ok') this.#keep(orders[index]!, result.contact)
      return result.status === 'ok'
    })
    return waiting.length - identified.length
  }

  order(orderId: string): PlacedOrder | undefined {
    return this.#orders.get(orderId)
  }

  #keep({ orderId, email, phoneNumber }: Order, person: Person | null): PlacedOrder {
    // When persons merge, one's primary contact becomes another's secondary: any of the ids may be one seen before.
    const contactIds = person ? [person.primaryContactId, ...person.secondaryContactIds] : []
    const isReturning = contactIds.some((id) => this.#knownContactIds.has(id))
    for (const id of contactIds) this.#knownContactIds.add(id)
    const placed = { orderId, email, phoneNumber, customerId: person?.primaryContactId ?? null, isReturning }
    this.#orders.set(orderId, placed)
    return placed
  }
}
