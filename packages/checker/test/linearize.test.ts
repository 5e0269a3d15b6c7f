import { describe, expect, it } from 'vitest'
import type { Call } from '../src/call.ts'
import { linearize } from '../src/linearize.ts'

const person = (
  primaryContactId: number,
  emails: string[],
  phoneNumbers: string[],
  secondaryContactIds: number[] = [],
) => ({
  primaryContactId,
  emails,
  phoneNumbers,
  secondaryContactIds,
})
const call = (
  [startedAt, endedAt]: [number, number],
  email: string | null,
  phoneNumber: string | null,
  answer: Call['answer'],
): Call => ({ request: { email, phoneNumber }, answer, startedAt, endedAt })
const unanswered = (startedAt: number, email: string | null, phoneNumber: string | null): Call =>
  call([startedAt, Number.POSITIVE_INFINITY], email, phoneNumber, null)

describe('a history is legal', () => {
  it('one call after another', () => {
    expect(
      linearize([
        call([0, 1], 'a', '1', person(7, ['a'], ['1'])),
        call([2, 3], 'a', '2', person(7, ['a'], ['1', '2'], [9])),
      ]),
    ).toHaveLength(2)
  })

  it('overlapping calls, explained by the order against their start', () => {
    expect(
      linearize([
        call([0, 9], 'a', '1', person(3, ['a'], ['2', '1'], [5])),
        call([1, 8], 'a', '2', person(3, ['a'], ['2'])),
      ]),
    ).toHaveLength(2)
  })
})

describe('a call without answer', () => {
  const dies = unanswered(0, 'a', '1')
  it('may have taken effect, long after its start', () => {
    const before = call([1, 2], 'a', null, person(5, ['a'], []))
    const after = call([3, 4], 'a', null, person(5, ['a'], ['1'], [6]))
    expect(linearize([dies, before, after])).toEqual([before, dies, after])
  })
  it('may have come to nothing', () => {
    const alone = call([3, 4], 'a', null, person(5, ['a'], []))
    expect(linearize([dies, alone])).toEqual([alone])
  })
  it('does not excuse what its request cannot have done', () => {
    expect(linearize([dies, call([3, 4], 'a', null, person(5, ['a'], ['2'], [6]))])).toBeNull()
  })
  it('has taken effect once and for all', () => {
    const seen = call([3, 4], 'a', null, person(5, ['a'], ['1']))
    const unseen = call([5, 6], 'b', '1', person(7, ['b'], ['1']))
    expect(linearize([dies, seen, unseen])).toBeNull()
  })
})

describe('the age of contacts', () => {
  const first = call([0, 5], 'a', '1', person(1, ['a'], ['1']))
  const merge = (answer: Call['answer']) => call([10, 11], 'a', '2', answer)
  const secondIsOlder = person(2, ['b', 'a'], ['2', '1'], [1])
  it('is either way round when their calls overlap, whatever a third call saw', () => {
    const overlapping = call([3, 4], 'b', '2', person(2, ['b'], ['2']))
    expect(linearize([first, overlapping, merge(secondIsOlder)])).not.toBeNull()
  })
  it('follows real time when they do not', () => {
    const later = call([6, 7], 'b', '2', person(2, ['b'], ['2']))
    const history = [first, later, merge(secondIsOlder)]
    expect(linearize(history)).toBeNull()
    expect(linearize(history, { clockMayGoBack: true })).toHaveLength(3)
  })
})

describe('a history is refused', () => {
  it.each<[fault: string, calls: Call[]]>([
    [
      'a stale read: the first call had ended',
      [call([0, 1], 'a', '1', person(1, ['a'], ['1'])), call([2, 3], 'a', '2', person(2, ['a'], ['2']))],
    ],
    [
      'an answer that shows a later call',
      [
        call([0, 1], 'a', '1', person(1, ['a'], ['1', '2'], [2])),
        call([2, 3], 'a', '2', person(1, ['a'], ['1', '2'], [2])),
      ],
    ],
    [
      'two first orders that made two persons',
      [call([0, 9], 'a', '1', person(1, ['a'], ['1'])), call([0, 9], 'a', '1', person(2, ['a'], ['1']))],
    ],
    [
      'each sees the other',
      [
        call([0, 9], 'a', '1', person(2, ['a'], ['2', '1'], [1])),
        call([0, 9], 'a', '2', person(1, ['a'], ['1', '2'], [2])),
      ],
    ],
    [
      'an id that changes',
      [call([0, 1], 'a', '1', person(1, ['a'], ['1'])), call([2, 3], 'a', '1', person(2, ['a'], ['1']))],
    ],
    [
      'one id for two contacts',
      [call([0, 1], 'a', '1', person(1, ['a'], ['1'])), call([2, 3], 'b', '2', person(1, ['b'], ['2']))],
    ],
    [
      'a wrong order of values',
      [call([0, 1], 'a', '1', person(1, ['a'], ['1'])), call([2, 3], 'a', '2', person(1, ['a'], ['2', '1'], [2]))],
    ],
  ])('%s', (_, calls) => {
    expect(linearize(calls)).toBeNull()
  })
})
