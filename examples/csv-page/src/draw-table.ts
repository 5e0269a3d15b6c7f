/** What is drawn at most; the browser lays each row out. */
const MAX_ROWS = 500
const MAX_VALUES = 10

export type Cell = string | number | readonly (string | number)[]

/**
 * Draws rows into a table whose head is there, as text whatever they contain, and says in the caption what is left out.
 * The first cell is the row's header.
 */
export function drawTable(table: HTMLTableElement, rows: readonly (readonly Cell[])[], elsewhere: string): void {
  const drawn = rows.slice(0, MAX_ROWS)
  table.tBodies[0]!.replaceChildren(...drawn.map(rowOf))
  const total = rows.length.toLocaleString('en')
  table.caption!.textContent = rows.length > MAX_ROWS ? `The first ${MAX_ROWS} of ${total}. ${elsewhere}` : ''
}

function rowOf([header, ...cells]: readonly Cell[]): HTMLTableRowElement {
  const row = document.createElement('tr')
  const th = document.createElement('th')
  th.scope = 'row'
  th.textContent = textOf(header!)
  row.append(th)
  for (const cell of cells) row.insertCell().textContent = textOf(cell)
  return row
}

function textOf(cell: Cell): string {
  if (typeof cell !== 'object') return String(cell)
  if (cell.length <= MAX_VALUES) return cell.join('\n')
  return `${cell.slice(0, MAX_VALUES).join('\n')}\nand ${(cell.length - MAX_VALUES).toLocaleString('en')} more`
}
