import fc from 'fast-check'
import type { RawRequest } from './request.ts'

/*
 * Requests as clients make them, right and wrong in each part by itself: from a grammar, most of a request is right, so that
 * the part that is wrong is reached.
 */

const ODD_STRINGS = [
  '',
  ' ',
  'ann',
  'a@b',
  '@',
  'a@b.c',
  'ANN@EXAMPLE.COM',
  '\u0000',
  'a\u0000@example.com',
  '\ud800',
  'x\udc00@example.com',
  '\u202e@example.com',
  '用户@例え.テスト',
  'e\u0301@example.com',
  '\u{1f600}@example.com',
  '+',
  '++1',
  '+1 (415) 555-0100',
  '١٢٣',
  '1e5',
  '0x10',
  '-1',
  'null',
  '__proto__',
  'constructor',
  "' or 1=1 --",
  '$1',
  '{}',
  '[]',
  '\\',
  '"',
  '{"a":1}',
  'x'.repeat(300),
  '9'.repeat(30),
  'ß@example.com',
  'İ@example.com',
  'ﬁ@example.com',
  '\ufeff1',
  '\u00a01',
]
const few = <T>(...values: T[]) => fc.constantFrom(...values)
const email = fc.oneof(
  { weight: 6, arbitrary: fc.nat(400).map((n) => `customer${n}@example.com`) },
  { weight: 3, arbitrary: few(...ODD_STRINGS) },
  { weight: 2, arbitrary: fc.emailAddress() },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
)
const phone = fc.oneof(
  { weight: 6, arbitrary: fc.nat(400).map((n) => `${n}`) },
  { weight: 2, arbitrary: fc.nat(400) },
  { weight: 3, arbitrary: few(...ODD_STRINGS) },
  { weight: 1, arbitrary: few(-1, 1.5, 2 ** 53, 1e300, -0) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
)
const anything = fc.oneof(
  few<unknown>(null, true, 7, '', [], {}, [[]], [null], { email: null }),
  fc.anything({ maxDepth: 3, maxKeys: 3 }).filter(isJson),
)
const order = fc.oneof(
  { weight: 8, arbitrary: fc.record({ email, phoneNumber: phone }, { requiredKeys: [] }) },
  {
    weight: 2,
    arbitrary: fc.record({ email: anything, phoneNumber: anything, extra: anything }, { requiredKeys: [] }),
  },
  { weight: 1, arbitrary: anything },
)
const query = fc.oneof(
  fc.record({ contactId: fc.oneof(fc.nat(500), fc.double(), anything) }),
  fc.record({ email }),
  fc.record({ phoneNumber: phone }),
  anything,
)
/** superjson's notes on types, which a caller may make up too. */
const meta = fc.oneof(
  { weight: 8, arbitrary: fc.constant(undefined) },
  {
    weight: 1,
    arbitrary: few<unknown>(
      { values: { email: ['Date'] } },
      { values: { email: ['undefined'] } },
      { values: { phoneNumber: ['bigint'] } },
      { values: [['class', 'Object']] },
      { values: { email: [['custom', 'x']] } },
      { values: { email: ['regexp'] } },
      { values: ['set'] },
      { values: { phoneNumber: [['typed-array', 'Float64Array']] } },
      { values: { 4294967294: ['undefined'] } },
      { values: ['map', { 0: ['Date'] }] },
      { referentialEqualities: { email: ['phoneNumber'] } },
      { referentialEqualities: { __proto__: ['x'], 'constructor.prototype': ['email'] } },
      { values: { 'constructor.prototype.polluted': ['Date'] } },
    ),
  },
  { weight: 1, arbitrary: anything },
)

const json = (value: fc.Arbitrary<unknown>) => value.map((body) => Buffer.from(oddly(JSON.stringify(body) ?? '')))
const enveloped = (input: fc.Arbitrary<unknown>) => fc.record({ json: input, meta }, { requiredKeys: ['json'] })
const contentType = fc.oneof(
  { weight: 20, arbitrary: fc.constant('application/json') },
  {
    weight: 1,
    arbitrary: few('', 'text/plain', 'application/json; charset=utf-16', 'application/jsonx', 'a/b;;', '/'),
  },
)

const PROCEDURES = ['identify', 'identifyMany', 'preview', 'person.get']
const NO_PROCEDURES = ['nothing', '', 'person', '__proto__', 'toString']
const procedures = fc.oneof(
  { weight: 12, arbitrary: few(...PROCEDURES) },
  { weight: 1, arbitrary: few(...NO_PROCEDURES) },
  {
    weight: 2,
    arbitrary: fc.array(few(...PROCEDURES, ...NO_PROCEDURES), { maxLength: 6 }).map((names) => names.join(',')),
  },
)
const inputOf = fc.oneof(order, fc.array(order, { maxLength: 5 }), query)
const batchOf = fc.array(enveloped(inputOf), { maxLength: 5 }).map((inputs) => Object.fromEntries(inputs.entries()))
const encoded = fc.oneof(enveloped(inputOf), batchOf).map((input) => encodeURIComponent(JSON.stringify(input) ?? ''))

const method = (usual: string) =>
  fc.oneof(
    { weight: 30, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: few('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY', 'PROPFIND') },
  )
const value = (text: fc.Arbitrary<string | number>) =>
  text.map((each) => encodeURIComponent(String(each).toWellFormed())).map((each) => oddly(each))
const path = fc.oneof(
  value(email).map((text) => `/persons?email=${text}`),
  value(phone).map((text) => `/persons?phoneNumber=${text}`),
  fc.tuple(value(email), value(phone)).map(([a, b]) => `/persons?email=${a}&phoneNumber=${b}&email=${a}`),
  fc
    .oneof(fc.nat(500), few('0', '-1', '1.5', '9'.repeat(15), '9'.repeat(20), 'x', '%00', '%', '1/'))
    .map((id) => `/persons/${id}`),
  few(
    '/',
    '//',
    '/docs',
    '/docs/',
    '/docs/assets/../../x',
    '/openapi.json',
    '/health/live',
    '/%ff',
    '/identify?x=%',
    '/*',
    '/health/ready',
  ),
)

/** The part of a request that says who calls. */
export interface Callers {
  readonly full: string
  readonly reader: string
}

/** All requests that the grammar knows. */
export function requestArbitrary({ full, reader }: Callers): fc.Arbitrary<RawRequest> {
  const authorization = fc.oneof(
    { weight: 30, arbitrary: fc.constant([`Authorization: Bearer ${full}`]) },
    { weight: 3, arbitrary: fc.constant([`Authorization: Bearer ${reader}`]) },
    {
      weight: 1,
      arbitrary: few<string[]>([], ['Authorization:'], ['Authorization: Basic x'], ['Authorization: Bearer']),
    },
    {
      weight: 1,
      arbitrary: fc.nat(50).map((n) => [`Authorization: Bearer idk_${'a'.repeat(12)}_${String(n).padStart(43, 'x')}`]),
    },
    { weight: 1, arbitrary: fc.constant([`Authorization: Bearer ${full}`, 'Authorization: Bearer x']) },
  )
  const post = (target: fc.Arbitrary<string>, body: fc.Arbitrary<Buffer>) =>
    fc.record({
      method: method('POST'),
      path: target,
      headers: fc.tuple(authorization, contentType).map(([who, type]) => [...who, `Content-Type: ${type}`]),
      body,
    })
  const get = (target: fc.Arbitrary<string>) =>
    fc.record({ method: method('GET'), path: target, headers: authorization, body: fc.constant(undefined) })
  return fc.oneof(
    { weight: 6, arbitrary: post(few('/identify', '/identify/', '/identify?a=b', '/identify/preview'), json(order)) },
    {
      weight: 3,
      arbitrary: post(fc.constant('/identify/batch'), json(fc.record({ requests: fc.array(order, { maxLength: 6 }) }))),
    },
    { weight: 1, arbitrary: post(fc.constant('/identify/batch'), json(anything)) },
    {
      weight: 4,
      arbitrary: post(
        procedures.map((names) => `/trpc/${names}`),
        json(enveloped(inputOf)),
      ),
    },
    {
      weight: 2,
      arbitrary: post(
        procedures.map((names) => `/trpc/${names}?batch=1`),
        json(batchOf),
      ),
    },
    {
      weight: 1,
      arbitrary: post(
        procedures.map((names) => `/trpc/${names}?batch=1`),
        json(anything),
      ),
    },
    {
      weight: 2,
      arbitrary: get(
        fc
          .tuple(procedures, encoded, few('', '&batch=1'))
          .map(([names, input, batch]) => `/trpc/${names}?input=${input}${batch}`),
      ),
    },
    { weight: 3, arbitrary: get(path) },
  )
}

/** JSON of its own kind: what JSON.stringify would never write. */
function oddly(text: string): string {
  return text
    .replace('"1e5"', '1e999')
    .replace('"0x10"', '9007199254740993')
    .replace('"extra"', '"email"')
    .replace('"null"', '"__proto__":1,"a"')
}

function isJson(value: unknown): boolean {
  try {
    return JSON.stringify(value) !== undefined
  } catch {
    return false
  }
}
