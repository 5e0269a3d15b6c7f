/** One order of the benchmark, as a shop would export it. */
export interface MadeUpOrder {
  orderId: string
  orderedAt: string
  email: string | null
  phoneNumber: string | number | null
}

/** As in the 20,000 orders of packages/testkit: so many of the orders are a customer's first. */
const NEW_CUSTOMERS = 0.3
const WITHOUT_EMAIL = 0.1
const WITHOUT_PHONE = 0.08
const SECOND_VALUE = 0.07
const HOUSEHOLD_OF_TWO = 0.1
const REFUSED = 0.0015
const FIRST_ORDER_MS = Date.UTC(2023, 3, 1)
const BETWEEN_ORDERS_MS = 90_000

/**
 * Orders shaped like a real shop's, in time order: customers who come back, second e-mails and phones, households that
 * share a phone, upper case, Indian phones written six ways. The same ones every time, and none is kept.
 */
export function* madeUpOrders(count: number): Generator<MadeUpOrder> {
  const random = randomNumbers(1)
  let customers = 0
  for (let n = 1; n <= count; n++) {
    const isNew = customers === 0 || random() < NEW_CUSTOMERS
    const customer = isNew ? customers++ : Math.floor(random() * customers)
    const isRefused = random() < REFUSED
    const hasEmail = random() >= WITHOUT_EMAIL
    const hasPhone = !hasEmail || random() >= WITHOUT_PHONE
    yield {
      orderId: `FK-${String(n).padStart(8, '0')}`,
      orderedAt: new Date(FIRST_ORDER_MS + n * BETWEEN_ORDERS_MS).toISOString(),
      email: isRefused ? 'not an address' : hasEmail ? emailOf(customer, random) : null,
      phoneNumber: hasPhone ? phoneOf(customer, random) : null,
    }
  }
}

function emailOf(customer: number, random: () => number): string {
  const second = random() < SECOND_VALUE ? '.work' : ''
  const email = `customer${mixed(customer).toString(36)}${second}@fluxkart.example`
  const way = random()
  return way < 0.05 ? email.toUpperCase() : way < 0.08 ? ` ${email} ` : email
}

function phoneOf(customer: number, random: () => number): string | number {
  const shared = mixed(customer + 7) / 2 ** 32 < HOUSEHOLD_OF_TWO ? customer - (customer % 2) : customer
  const second = random() < SECOND_VALUE ? 1 : 0
  const digits = String(9_000_000_000 + (((shared * 2 + second) * 7_919) % 999_999_937))
  const [left, right] = [digits.slice(0, 5), digits.slice(5)]
  const way = random()
  if (way < 0.4) return `+91${digits}`
  if (way < 0.58) return digits
  if (way < 0.68) return `+91 ${left} ${right}`
  if (way < 0.78) return `+91-${left}-${right}`
  if (way < 0.93) return `0${digits}`
  return Number(digits)
}

/** A number from 0 to 2³² − 1 that says nothing about its neighbours', so that values come in no order. */
function mixed(n: number): number {
  let x = Math.imul(n + 1, 0x9e3779b1)
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b)
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35)
  return (x ^ (x >>> 16)) >>> 0
}

/** Mulberry32: numbers from 0 to 1, the same ones for the same seed. */
function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let x = Math.imul(state ^ (state >>> 15), 1 | state)
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32
  }
}
