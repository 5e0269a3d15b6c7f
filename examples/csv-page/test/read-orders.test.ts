import { describe, expect, it } from 'vitest'
import { CsvError, readOrders } from '../src/read-orders.ts'

/** The lines of the orders, each with its e-mail and its phone number. */
function linesOf(csv: string) {
  return readOrders(csv).lines.map(({ line, request }) => [line, request.email, request.phoneNumber])
}

describe('the shapes a CSV comes in', () => {
  const expected = [
    [2, 'ann@example.com', '555-0100'],
    [3, '', '555-0111'],
  ]

  it.each([',', ';', '\t', '|'])('fields separated by %j', (delimiter) => {
    const csv = 'name,e-mail,phone\nAnn,ann@example.com,555-0100\nBob,,555-0111\n'
    expect(linesOf(csv.replaceAll(',', delimiter))).toEqual(expected)
  })

  it.each(['\n', '\r\n', '\r'])('lines that end with %j', (newline) => {
    const csv = 'email,phone\nann@example.com,555-0100\n,555-0111\n'
    expect(linesOf(csv.replaceAll('\n', newline))).toEqual(expected)
  })

  it('a byte order mark, as spreadsheets write it', () => {
    expect(readOrders('\ufeffemail,phone\na@example.com,1').columns.email).toEqual({ name: 'email', index: 0 })
  })

  it('one column', () => {
    expect(linesOf('phone\n5550100')).toEqual([[2, null, '5550100']])
  })

  it('quotes around what contains delimiters, quotes and line breaks', () => {
    const csv = 'name,email,phone\n"Ann ""A"", Lee","ann@example.com","555, 0100"'
    expect(linesOf(csv)).toEqual([[2, 'ann@example.com', '555, 0100']])
  })

  it('rows that end early, and empty fields too many', () => {
    expect(linesOf('email,phone\nann@example.com\n,555,,,')).toEqual([
      [2, 'ann@example.com', undefined],
      [3, '', '555'],
    ])
  })
})

it('counts the lines as an editor does', () => {
  const csv = '\nemail,note,phone\n\nann@example.com,"two\nlines",1\n , ,\n"b\n\nb@example.com",,2\nc@example.com,,3'
  expect(linesOf(csv).map(([line, , phone]) => [line, phone])).toEqual([
    [4, '1'],
    [7, '2'],
    [10, '3'],
  ])
})

describe('lines that cannot be trusted are refused', () => {
  it('one with more fields than there are columns', () => {
    const { lines, refused } = readOrders('name,email,phone\nLee, Ann,ann@example.com,1\n"Lee, Bob",bob@example.com,2')
    expect(refused).toEqual([
      {
        line: 2,
        problem: 'This line has 4 fields, the first line 3. Put quotes around a field that contains ",".',
      },
    ])
    expect(lines.map(({ line }) => line)).toEqual([3])
  })

  it('one with a quote that nothing closes', () => {
    const { lines, refused } = readOrders('email,phone\na@example.com,1\n"b@example.com,2\nc@example.com,3')
    expect(lines.map(({ line }) => line)).toEqual([2])
    expect(refused).toEqual([{ line: 3, problem: expect.stringContaining('none closes it') }])
  })

  it('one that goes on after a closing quote', () => {
    const { lines, refused } = readOrders('email,phone\n"a"b@example.com,1\n"c@example.com",2')
    expect(refused).toEqual([{ line: 2, problem: expect.stringContaining('after its closing quote') }])
    expect(lines).toEqual([])
  })
})

describe('a text without orders', () => {
  it('names what it found in the place of columns', () => {
    const failure = new CsvError('The first line must name a column email or phone; found "id", "<b>name</b>".')
    expect(() => readOrders('id,<b>name</b>\n1,Ann')).toThrow(failure)
  })

  it('names not more of them than a reader wants', () => {
    const header = Array.from({ length: 20 }, (_, n) => `c${n}`).join()
    expect(() => readOrders(header)).toThrow(/"c7" and 12 more\.$/)
  })

  it.each(['', ' \n\t\n'])('%j', (csv) => {
    expect(() => readOrders(csv)).toThrow('There is nothing to read.')
  })

  it('names alone are a CSV without orders', () => {
    expect(readOrders('email,phone\n')).toMatchObject({ lines: [], refused: [] })
  })
})
