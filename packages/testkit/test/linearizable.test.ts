import { type Call, linearize } from '@identity/testkit'
import { describe, expect, it } from 'vitest'

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
    expect(linearize([first, later, merge(secondIsOlder)])).toBeNull()
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
