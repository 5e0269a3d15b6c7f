import { isPhoneRegion } from '@identity/core'
import { drawOutcome, hideOutcome } from './draw-outcome.ts'
import { element } from './elements.ts'
import { pauseWhenBusy } from './pause.ts'
import { personsCsv } from './persons-csv.ts'
import { readOrders } from './read-orders.ts'
import { type PersonRow, reconcileOrders } from './reconcile-orders.ts'
import { phoneRegions } from './regions.ts'
import { SAMPLE } from './sample.ts'

const csv = element('csv', HTMLTextAreaElement)
const file = element('file', HTMLInputElement)
const region = element('region', HTMLSelectElement)
const progress = element('progress', HTMLProgressElement)
const status = element('status', HTMLElement)

let running = new AbortController()
let found: readonly PersonRow[] = []
let downloadUrl = ''

region.append(...phoneRegions().map(({ code, name }) => new Option(`${name} (${code})`, code)))

element('form', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault()
  findPersons()
})
element('sample', HTMLButtonElement).addEventListener('click', () => {
  csv.value = SAMPLE
  file.value = ''
  findPersons()
})
// One of the two counts: what was pasted last, or the file picked last.
csv.addEventListener('input', () => {
  file.value = ''
})
file.addEventListener('change', () => {
  csv.value = ''
  findPersons()
})
// So that the same file, changed meanwhile, can be picked again.
file.addEventListener('click', () => {
  file.value = ''
})
element('download', HTMLButtonElement).addEventListener('click', download)

/** Starts over: what runs already stops at its next pause. */
async function findPersons(): Promise<void> {
  running.abort()
  running = new AbortController()
  const { signal } = running
  hideOutcome()
  status.textContent = 'Finding persons…'
  try {
    const text = (await file.files?.[0]?.text()) ?? csv.value
    signal.throwIfAborted()
    const orders = readOrders(text)
    progress.max = orders.lines.length
    const pause = pauseWhenBusy(signal, (done) => {
      progress.value = done
      progress.hidden = false
    })
    const defaultRegion = isPhoneRegion(region.value) ? region.value : undefined
    const outcome = await reconcileOrders(orders, { defaultRegion, pause })
    found = outcome.persons
    drawOutcome(outcome, orders.columns)
    status.textContent = `Done: ${countOf(found.length, 'person')} in ${countOf(outcome.orders, 'order')}, ${countOf(outcome.refused.length, 'line')} refused.`
  } catch (error) {
    if (!signal.aborted) status.textContent = error instanceof Error ? error.message : String(error)
  } finally {
    if (!signal.aborted) progress.hidden = true
  }
}

function countOf(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`
}

function download(): void {
  URL.revokeObjectURL(downloadUrl)
  downloadUrl = URL.createObjectURL(new Blob([personsCsv(found)], { type: 'text/csv' }))
  const link = document.createElement('a')
  link.href = downloadUrl
  link.download = 'persons.csv'
  link.click()
}
