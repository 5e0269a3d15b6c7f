import { BlockList, type PersonView, type RecordedEvent } from '@identity/core'
import { expect, it } from 'vitest'
import { NO_RULES, type Rules } from '../src/corrected/specification.ts'
import type { LoggedCall } from '../src/logged/call.ts'
import type { RuleMark } from '../src/logged/rule-changes.ts'
import { callsOneByOne } from '../src/logged/specification.ts'
import { searchOrder } from '../src/search-order.ts'

const ONE_EMAIL: Rules = { ...NO_RULES, limits: { email: 1, phone: null } }
const BLOCKING: Rules = { ...NO_RULES, blocked: new BlockList([{ id: 1, kind: 'phone', pattern: '1' }]) }

let sent = 0

/** Somebody gives an e-mail, and the phone number 1, and is told of a person. */
function call(startedAt: number, endedAt: number, email: string, person: PersonView): LoggedCall {
  const asked = { type: 'identify', request: { email, phoneNumber: '1' } } as const
  return { asked, told: { persons: [person] }, requestId: `1-${sent++}`, startedAt, endedAt, process: 'A' }
}

function person([primaryContactId, ...secondaryContactIds]: [number, ...number[]], emails: string[], phone = '1') {
  return { primaryContactId, emails, phoneNumbers: phone ? [phone] : [], secondaryContactIds }
}

function at(time: number, mark: RuleMark['mark']): RuleMark {
  return { mark, startedAt: time, endedAt: time }
}

function hasOrder(steps: ReadonlyArray<LoggedCall | RuleMark>, events: readonly RecordedEvent[] = []) {
  return searchOrder(steps, callsOneByOne(events), 1_000) !== null
}

/** Ann, and then Bob, who has her phone number. */
const ann = call(0, 1, 'ann@1.example', person([1], ['ann@1.example']))
const BOTH = person([1, 2], ['ann@1.example', 'bob@1.example'])
const bob = (startedAt: number, endedAt = startedAt + 1) => call(startedAt, endedAt, 'bob@1.example', BOTH)
const annAndBob = [ann, bob(2)]

const limited = [at(10, { type: 'asked', rules: ONE_EMAIL }), at(20, { type: 'answered' })]

it('while a change is asked for, either may hold, and from its answer on nothing but the new rules', () => {
  const refused = (startedAt: number) => call(startedAt, startedAt + 1, 'bob@1.example', person([1], ['ann@1.example']))
  expect(hasOrder([ann, ...limited, bob(5)])).toBe(true)
  expect(hasOrder([ann, ...limited, refused(5)])).toBe(false)
  expect(hasOrder([ann, ...limited, refused(14), bob(16)])).toBe(true)
  expect(hasOrder([ann, ...limited, bob(19, 30)])).toBe(true)
  expect(hasOrder([ann, ...limited, bob(21)])).toBe(false)
  expect(hasOrder([ann, ...limited, refused(21)])).toBe(true)
})

it('what is done by the old rules is done before the change is answered', () => {
  const all = person([1, 2, 3], [...BOTH.emails, 'cid@1.example'])
  const cid = call(15, 30, 'cid@1.example', all)
  expect(hasOrder([...annAndBob, ...limited, cid, call(21, 22, 'bob@1.example', all)])).toBe(true)
  expect(hasOrder([...annAndBob, ...limited, cid, bob(21)])).toBe(false)
})

const blocked = [at(10, { type: 'asked', rules: BLOCKING }), at(20, { type: 'answered' })]
const END = at(100, { type: 'end' })
/** What the log says once Ann and Bob have come apart. */
const SPLIT: RecordedEvent = {
  id: '3-0',
  at: '2026-01-01T00:00:00.000Z',
  actor: null,
  requestId: null,
  type: 'person.split',
  cause: 'block',
  personId: 1,
  newPersonId: 2,
  contactIds: [2],
  separations: [],
}

/** From 30 to 50. */
function applied(isWhole = true): RuleMark[] {
  const ends = at(50, { type: 'application ends' })
  const applied = isWhole ? [at(50, { type: 'applied', blocked: BLOCKING.blocked! })] : []
  return [...blocked, at(30, { type: 'application begins' }), ...applied, ends]
}

it('while a rule is applied, a person comes apart at some moment, and as the log says', () => {
  const alone = (startedAt: number) =>
    call(startedAt, startedAt + 1, 'bob@1.example', person([2], ['bob@1.example'], ''))
  const log = [SPLIT]
  expect(hasOrder([...annAndBob, ...applied(), bob(40), alone(42), END], log)).toBe(true)
  expect(hasOrder([...annAndBob, ...applied(), alone(51), END], log)).toBe(true)
  expect(hasOrder([...annAndBob, ...applied(), alone(25), END], log)).toBe(false)
  expect(hasOrder([...annAndBob, ...applied(), alone(42), bob(44), END], log)).toBe(false)
  expect(hasOrder([...annAndBob, ...applied(), bob(51), END], log)).toBe(false)
  expect(hasOrder([...annAndBob, ...applied(), alone(42), END])).toBe(false)
})

it('an application leaves nobody linked by what is blocked, unless it is broken off', () => {
  expect(hasOrder([...annAndBob, ...applied()], [SPLIT])).toBe(true)
  expect(hasOrder([...annAndBob, ...applied()])).toBe(false)
  expect(hasOrder([...annAndBob, ...applied(false)])).toBe(true)
})

it('a split that the log has must have happened', () => {
  expect(hasOrder([...annAndBob, ...applied(false), END], [SPLIT])).toBe(true)
  expect(hasOrder([...annAndBob, ...blocked, END], [SPLIT])).toBe(false)
})
