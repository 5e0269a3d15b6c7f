import type { IdentifyRequest, PersonQuery } from '@identity/client'
import fc from 'fast-check'

export type Call =
  | { kind: 'trpc'; name: 'identify' | 'preview'; input: IdentifyRequest }
  | { kind: 'trpc'; name: 'identifyTogether' | 'identifyMany'; input: IdentifyRequest[] }
  | { kind: 'trpc'; name: 'get'; input: PersonQuery }
  | { kind: 'http'; name: 'http'; input: HttpInput }

interface HttpInput {
  method: 'GET' | 'POST'
  path: string
  body?: string
  type?: string
}

// Few values, so that they meet; and some that are wrong in each of the ways that a field can be.
const email = fc.constantFrom(
  'a@x.example',
  'B@x.example',
  'c@x.example',
  'd@x.example',
  ' a@x.example ',
  '',
  null,
  'ann',
  7,
)
const phoneNumber = fc.constantFrom('1', 2, '3', '098765 43210', '+91 98765-43210', ' ', null, 'none', -1, true)
const request = fc.record({ email, phoneNumber }, { requiredKeys: [] }) as fc.Arbitrary<IdentifyRequest>
/** Calls that travel together overlap, so at most one of them may have an effect: any order explains the answers. */
const together = fc
  .tuple(request, fc.array(fc.constantFrom({}, { email: 'ann' }, { phoneNumber: 'none' }), { maxLength: 3 }))
  .chain(([one, wrong]) => fc.shuffledSubarray([one, ...wrong], { minLength: wrong.length + 1 }))
const contactId = fc.integer({ min: 0, max: 12 })
const query = fc.oneof(
  fc.record({ contactId }),
  fc.record({ email }),
  fc.record({ phoneNumber }),
  fc.record({ email, phoneNumber }),
) as fc.Arbitrary<PersonQuery>

function trpc<Name extends Call['name']>(name: Name, input: fc.Arbitrary<unknown>) {
  return input.map((value) => ({ kind: 'trpc', name, input: value }) as Call)
}

function http(input: fc.Arbitrary<HttpInput>) {
  return input.map((value): Call => ({ kind: 'http', name: 'http', input: value }))
}

function posted(path: string, body: fc.Arbitrary<unknown>) {
  return http(body.map((value) => ({ method: 'POST', path, body: JSON.stringify(value) })))
}

function got(path: fc.Arbitrary<string>) {
  return http(path.map((value) => ({ method: 'GET', path: value })))
}

const badBody = fc.constantFrom<HttpInput>(
  { method: 'POST', path: '/identify' },
  { method: 'POST', path: '/identify', body: '' },
  { method: 'POST', path: '/identify', body: '{' },
  { method: 'POST', path: '/identify', body: 'email=a@x.example', type: 'application/x-www-form-urlencoded' },
  { method: 'POST', path: '/identify', body: JSON.stringify({ email: 'x'.repeat(17_000) }) },
  { method: 'POST', path: '/identify/batch', body: `"${'x'.repeat(2 ** 20)}"` },
  { method: 'POST', path: '/identify/batch', body: '{"requests":{}}' },
)

/** Everything a consumer can send: both transports, every operation, right and wrong. */
export const callArbitrary: fc.Arbitrary<Call> = fc.oneof(
  { weight: 4, arbitrary: trpc('identify', request) },
  { weight: 1, arbitrary: trpc('identifyTogether', together) },
  { weight: 1, arbitrary: trpc('identifyMany', fc.array(request, { maxLength: 5 })) },
  { weight: 1, arbitrary: trpc('preview', request) },
  { weight: 1, arbitrary: trpc('get', query) },
  { weight: 3, arbitrary: posted('/identify', request) },
  { weight: 1, arbitrary: posted('/identify/', request) },
  { weight: 1, arbitrary: posted('/identify/preview', request) },
  { weight: 1, arbitrary: posted('/identify/batch', fc.record({ requests: fc.array(request, { maxLength: 5 }) })) },
  { weight: 1, arbitrary: http(badBody) },
  { weight: 1, arbitrary: got(fc.oneof(contactId, fc.constant('x')).map((id) => `/persons/${id}`)) },
  { weight: 1, arbitrary: got(email.map((value) => `/persons?email=${value}`)) },
  { weight: 1, arbitrary: got(phoneNumber.map((value) => `/persons?phoneNumber=${value}`)) },
)
